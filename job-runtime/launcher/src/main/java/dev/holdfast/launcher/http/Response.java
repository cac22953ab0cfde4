package dev.holdfast.launcher.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client gets.
 *
 * @param body the whole body; empty where a file is sent
 * @param file sent instead of the body, and not deleted; null for none
 */
public record Response(
        int status,
        String mediaType,
        Map<String, String> headers,
        byte[] body,
        @Nullable Path file) {
    public static final String JSON = "application/json";
    public static final String TEXT = "text/plain; charset=utf-8";

    /** A record as JSON. */
    public static Response json(int status, Object value) {
        return new Response(status, JSON, Map.of(), Json.write(value), null);
    }

    public static Response text(int status, String mediaType, String text) {
        return new Response(status, mediaType, Map.of(), text.getBytes(StandardCharsets.UTF_8), null);
    }

    public static Response file(String mediaType, Path file) {
        return new Response(200, mediaType, Map.of(), new byte[0], file);
    }

    /** The same with another header. */
    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, mediaType, more, body, file);
    }

    static Response problem(ApiException error) {
        byte[] body = Json.write(Problem.of(error.status(), error.code(), error.text()));
        return new Response(error.status(), Problem.MEDIA_TYPE, error.headers(), body, null);
    }
}
