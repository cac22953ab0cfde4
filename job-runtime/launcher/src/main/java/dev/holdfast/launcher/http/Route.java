package dev.holdfast.launcher.http;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be asked of a process. The OpenAPI document is made of these.
 *
 * @param path with names of its variable parts in braces, such as {@code /api/v1/profile/{id}}
 * @param access who may ask
 * @param summary one sentence, for the OpenAPI document
 * @param parameters of the query
 * @param body the record that the request carries; null for none
 * @param status of the answer where all is well
 * @param result the record that the answer carries as JSON; null where it is something else
 * @param mediaType of the answer
 */
public record Route(
        String method,
        String path,
        Access access,
        String summary,
        Set<String> parameters,
        @Nullable Class<?> body,
        int status,
        @Nullable Class<?> result,
        String mediaType,
        Handler handler) {

    /** Who may ask. */
    public enum Access {
        /** Anybody who reaches the port: for probes, which show no more than that the process lives. */
        ANYBODY,
        /** Who has the token; where the process has none, who is on the same machine. */
        TOKEN
    }

    /** Answers requests. Called on a virtual thread; returns within some seconds, and waits for nothing without a deadline. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers one request.
         *
         * @throws ApiException where the answer is an error
         */
        Response handle(Request request) throws InterruptedException;
    }

    public Route {
        parameters = Set.copyOf(parameters);
    }

    /** Gives a record as JSON. */
    public static Route get(String path, String summary, Class<?> result, Handler handler) {
        return new Route("GET", path, Access.TOKEN, summary, Set.of(), null, 200, result, Response.JSON, handler);
    }

    /** Gives a page of another media type, such as metrics. */
    public static Route page(String path, Access access, String summary, String mediaType, Handler handler) {
        return new Route("GET", path, access, summary, Set.of(), null, 200, null, mediaType, handler);
    }

    /** Begins something that takes its time. */
    public static Route begin(
            String path,
            String summary,
            Set<String> parameters,
            @Nullable Class<?> body,
            Class<?> result,
            Handler handler) {
        return new Route("POST", path, Access.TOKEN, summary, parameters, body, 202, result, Response.JSON, handler);
    }

    /** Changes something at once. */
    public static Route change(String path, String summary, Class<?> body, Class<?> result, Handler handler) {
        return new Route("PATCH", path, Access.TOKEN, summary, Set.of(), body, 200, result, Response.JSON, handler);
    }

    List<String> segments() {
        return List.of(path.substring(1).split("/", -1));
    }
}
