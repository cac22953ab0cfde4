package dev.holdfast.launcher.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.launcher.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Calls a coordinator. Each call has a deadline. */
final class ApiClient implements AutoCloseable {
    /** Longer than the coordinator may take for its answer. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final long POLL_MS = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final URI base;
    private final Optional<String> token;

    ApiClient(URI base, Optional<String> token) {
        this.base = base;
        this.token = token;
    }

    /** The coordinator is not there: it has ended, or never was. */
    static final class Gone extends HoldfastException {
        private static final long serialVersionUID = 1L;

        Gone(URI uri, IOException cause) {
            super(
                    "HF-API-040",
                    "no answer from " + uri + ": " + cause + ". Check the address, and whether the coordinator runs",
                    cause);
        }
    }

    JsonNode get(String path) throws InterruptedException {
        return send(request(path).GET().build());
    }

    /** @param key with which a repeated request is known again */
    JsonNode post(String path, Map<String, Object> body, String key) throws InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(CALL_TIMEOUT);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private JsonNode send(HttpRequest request) throws InterruptedException {
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Gone(request.uri(), e);
        }
        JsonNode answer;
        try {
            answer = Json.tree(response.body());
        } catch (JsonProcessingException e) {
            throw new HoldfastException(
                    "HF-API-041", request.uri() + " does not answer as a coordinator does. Check the address", e);
        }
        if (response.statusCode() >= 400) {
            throw new HoldfastException(
                    answer.path("code").asText("HF-API-041"),
                    answer.path("detail").asText("status " + response.statusCode() + " from " + request.uri()));
        }
        return answer;
    }

    /**
     * Waits for the end of an operation.
     *
     * @return how it was seen last; still in progress if the time was over
     * @throws Gone if the coordinator went away before it told the end
     */
    JsonNode await(JsonNode operation, Duration timeout) throws InterruptedException {
        long endNs = System.nanoTime() + timeout.toNanos();
        JsonNode seen = operation;
        while (seen.path("state").asText().equals("IN_PROGRESS") && System.nanoTime() - endNs < 0) {
            Thread.sleep(POLL_MS);
            seen = get("/api/v1/job/operations/" + operation.path("id").asText());
        }
        return seen;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
