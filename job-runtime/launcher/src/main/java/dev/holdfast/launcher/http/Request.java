package dev.holdfast.launcher.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client asks for.
 *
 * @param parts of the path, by the names that the route's path gives them
 * @param query parameters of the query
 * @param idempotencyKey the header {@code Idempotency-Key}, or empty
 * @param body empty if there is none
 */
public record Request(Map<String, String> parts, Map<String, String> query, String idempotencyKey, byte[] body) {
    /** A key is a random number in most clients; longer ones are no keys. */
    static final int MOST_KEY_CHARS = 128;

    /** A part of the path. */
    public String part(String name) {
        String value = parts.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no part " + name);
        }
        return value;
    }

    /** A parameter of the query. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /**
     * The body as a record; an empty body is an object without fields.
     *
     * @throws ApiException if it is something else
     */
    public <T> T body(Class<T> type) {
        return Json.read(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body, type);
    }

    /** Refuses parameters of the query that a route does not look at. */
    static Map<String, String> query(String raw, Set<String> known) {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw.isEmpty()) {
            return query;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!known.contains(name)) {
                throw new ApiException(
                        400,
                        "HF-API-007",
                        "there is no parameter '" + name + "' here; "
                                + (known.isEmpty() ? "none is taken" : "taken are " + new TreeSet<>(known)));
            }
            query.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return query;
    }

    static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "HF-API-007", "'" + text + "' is not encoded as a part of a URL");
        }
    }
}
