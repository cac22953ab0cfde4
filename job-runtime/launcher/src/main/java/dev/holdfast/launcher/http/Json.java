package dev.holdfast.launcher.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** JSON of requests and answers. Strict: a field that does not exist, stands twice or has another type is an error. Any thread. */
public final class Json {
    /** No body of a request nests deeper. */
    private static final int MOST_DEPTH = 16;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MOST_DEPTH)
                        .build());
    }

    private Json() {}

    /** A record as JSON in UTF-8; components that are null are left out. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON of " + value.getClass(), e);
        }
    }

    /**
     * Reads the body of a request.
     *
     * @throws ApiException HF-API-005 or HF-API-006 if it is not what was expected
     */
    public static <T> T read(byte[] body, Class<T> type) {
        try {
            T value = MAPPER.readValue(body, type);
            if (value == null) {
                throw malformed("null");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw new ApiException(
                    400,
                    "HF-API-006",
                    "there is no field '" + e.getPropertyName() + "' in this request; it takes "
                            + e.getKnownPropertyIds());
        } catch (JsonProcessingException e) {
            throw malformed(e.getOriginalMessage());
        } catch (IOException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads an object of names and simple values.
     *
     * @return values as texts, empty for null
     * @throws ApiException HF-API-005 if it is something else
     */
    public static Map<String, Optional<String>> texts(byte[] body) {
        Map<String, Optional<String>> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : read(body, ObjectNode.class).properties()) {
            JsonNode value = field.getValue();
            if (value.isContainerNode()) {
                throw malformed("the value of '" + field.getKey() + "' is no text");
            }
            texts.put(field.getKey(), value.isNull() ? Optional.empty() : Optional.of(value.asText()));
        }
        return texts;
    }

    /** Reads any JSON, for clients. */
    public static JsonNode tree(String text) throws JsonProcessingException {
        return MAPPER.readTree(text.getBytes(StandardCharsets.UTF_8).length == 0 ? "{}" : text);
    }

    private static ApiException malformed(String why) {
        return new ApiException(
                400,
                "HF-API-005",
                "the body is not the JSON that is expected here: " + why + ". See the OpenAPI document");
    }
}
