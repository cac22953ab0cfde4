package dev.holdfast.launcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.api.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server over real sockets: what it lets in, what it refuses and how it says so. */
class HttpApiTest {
    /** A thing. */
    public record Thing(String name, long number) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger handled = new AtomicInteger();
    private final List<HttpApi> started = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void end() {
        release.countDown();
        started.forEach(HttpApi::close);
        client.shutdownNow();
    }

    @Test
    void answersWithJson() throws Exception {
        HttpApi api = open();

        HttpResponse<String> response = get(api, "/things/a%20b");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).isEqualTo("{\"name\":\"a b\",\"number\":7}");
    }

    @Test
    void saysWhereThereIsNothing() throws Exception {
        HttpResponse<String> response = get(open(), "/nothing/here");

        assertProblem(response, 404, "HF-API-001", "there is nothing at /nothing/here");
    }

    @Test
    void saysWhichMethodsAPathTakes() throws Exception {
        HttpApi api = open();
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(uri(api, "/things")).DELETE().build(), HttpResponse.BodyHandlers.ofString());

        assertProblem(response, 405, "HF-API-002", "/things does not take DELETE; it takes POST");
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void refusesOtherMediaTypesThanJson() throws Exception {
        assertProblem(post(open(), "{}", "text/plain"), 415, "HF-API-003", "'text/plain'");
    }

    @Test
    void refusesABodyThatIsTooLong() throws Exception {
        String body = "{\"name\":\"" + "x".repeat(HttpApi.MAX_BODY_BYTES) + "\"}";

        assertProblem(post(open(), body, "application/json"), 413, "HF-API-004", "more than 65536 bytes");
        assertThat(handled).hasValue(0);
    }

    @Test
    void refusesWhatIsNoJson() throws Exception {
        HttpApi api = open();

        assertProblem(post(api, "{\"name\":", "application/json"), 400, "HF-API-005", "not the JSON");
        assertProblem(post(api, "[1, 2]", "application/json"), 400, "HF-API-005", "not the JSON");
        assertProblem(post(api, "{} {}", "application/json"), 400, "HF-API-005", "not the JSON");
        assertProblem(post(api, "null", "application/json"), 400, "HF-API-005", "not the JSON");
        assertProblem(post(api, "{\"number\":\"7\"}", "application/json"), 400, "HF-API-005", "not the JSON");
        assertProblem(
                post(api, "{\"name\":\"a\",\"name\":\"b\"}", "application/json"), 400, "HF-API-005", "not the JSON");
        assertProblem(post(api, "[".repeat(50_000), "application/json"), 400, "HF-API-005", "not the JSON");
    }

    @Test
    void namesAFieldThatDoesNotExist() throws Exception {
        assertProblem(
                post(open(), "{\"nam\":\"a\"}", "application/json"), 400, "HF-API-006", "there is no field 'nam'");
    }

    @Test
    void namesAParameterThatDoesNotExist() throws Exception {
        assertProblem(get(open(), "/things/a?b=c"), 400, "HF-API-007", "there is no parameter 'b' here; none is taken");
    }

    @Test
    void tellsNobodyWhatBroke() throws Exception {
        HttpResponse<String> response = get(open(), "/broken");

        assertProblem(response, 500, "HF-API-014", "Its log has the error");
        assertThat(response.body()).doesNotContain("a secret detail");
    }

    @Test
    void letsNobodyInWithoutTheToken() throws Exception {
        Path tokens = Files.writeString(directory.resolve("tokens"), "the first token\nthe second token\n");
        HttpApi api = start(Optional.of(tokens));

        HttpResponse<String> without = get(api, "/things/a");
        assertProblem(without, 401, "HF-API-010", "the request has no token");
        assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertProblem(get(api, "/things/a", "Bearer the third token"), 401, "HF-API-010", "is not accepted");
        assertProblem(get(api, "/things/a", "Bearer "), 401, "HF-API-010", "is not accepted");
        assertProblem(get(api, "/things/a", "Basic the first token"), 401, "HF-API-010", "is not accepted");
        assertThat(get(api, "/things/a", "Bearer the first token").statusCode()).isEqualTo(200);
        assertThat(get(api, "/things/a", "bearer the second token").statusCode())
                .isEqualTo(200);
        assertThat(get(api, "/probe").statusCode()).isEqualTo(200);

        Files.writeString(tokens, "another token");
        assertProblem(get(api, "/things/a", "Bearer the first token"), 401, "HF-API-010", "is not accepted");
        Files.delete(tokens);
        assertProblem(get(api, "/things/a", "Bearer another token"), 503, "HF-API-012", "nobody is let in");
    }

    @Test
    void keepsPagesOfABrowserOutWhereThereIsNoToken() throws Exception {
        HttpApi api = open();

        assertThat(raw(api, "GET /things/a HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("HF-API-011");
        assertThat(raw(
                        api,
                        "GET /things/a HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\n"
                                + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw(api, "GET /things/a HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void answersAHundredAtOnce() throws Exception {
        HttpApi api = open();
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            responses.add(client.sendAsync(
                    HttpRequest.newBuilder(uri(api, "/things/" + i)).build(), HttpResponse.BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> response : responses) {
            assertThat(response.get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesMoreThanItCanHandleAndGoesOn() throws Exception {
        HttpApi api = open();
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < HttpApi.MAX_RUNNING + 10; i++) {
            responses.add(client.sendAsync(
                    HttpRequest.newBuilder(uri(api, "/waiting")).build(), HttpResponse.BodyHandlers.ofString()));
        }
        int refused = 0;
        while (refused < 10) {
            HttpResponse<?> first =
                    (HttpResponse<?>) CompletableFuture.anyOf(responses.toArray(CompletableFuture[]::new))
                            .get();
            assertThat(first.statusCode()).isEqualTo(503);
            assertThat(first.headers().firstValue("Retry-After")).contains("1");
            refused++;
            responses.removeIf(response -> response.isDone() && response.join() == first);
        }
        assertThat(responses).hasSize(HttpApi.MAX_RUNNING);

        release.countDown();

        for (CompletableFuture<HttpResponse<String>> response : responses) {
            assertThat(response.get().statusCode()).isEqualTo(200);
        }
        assertThat(get(api, "/things/a").statusCode()).isEqualTo(200);
    }

    @Test
    void cutsOffAClientThatDoesNotSendAndServesOthersMeanwhile() throws Exception {
        HttpApi api = open();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < HttpApi.MAX_RUNNING * 2; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), api.address().getPort());
                socket.getOutputStream()
                        .write(("POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 100\r\n\r\n{\"na")
                                .getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }

            assertThat(get(api, "/things/a").statusCode()).isEqualTo(200);

            slow.getFirst().setSoTimeout((HttpApi.READ_TIMEOUT_S + 10) * 1000);
            InputStream in = slow.getFirst().getInputStream();
            assertThat(endOf(in)).as("the connection is closed").isTrue();
            assertThat(handled).hasValue(1);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void namesAnAddressThatCannotBeUsed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpSettings settings =
                    new HttpSettings("127.0.0.1", taken.getLocalPort(), false, Optional.empty(), Duration.ofSeconds(1));

            assertThatThrownBy(() -> HttpApi.start(settings, List.of()))
                    .isInstanceOf(HoldfastException.class)
                    .hasMessageContaining("HF-API-020: cannot listen for HTTP at 127.0.0.1:" + taken.getLocalPort());

            HttpApi elsewhere = HttpApi.start(
                    new HttpSettings("127.0.0.1", taken.getLocalPort(), true, Optional.empty(), Duration.ofSeconds(1)),
                    List.of());
            started.add(elsewhere);
            assertThat(elsewhere.address().getPort()).isNotEqualTo(taken.getLocalPort());
        }
    }

    private static boolean endOf(InputStream in) {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private HttpApi open() {
        return start(Optional.empty());
    }

    private HttpApi start(Optional<Path> tokens) {
        HttpApi api = HttpApi.start(
                new HttpSettings("127.0.0.1", 0, false, tokens, Duration.ofSeconds(1)),
                List.of(
                        Route.get("/things/{id}", "One.", Thing.class, request -> {
                            handled.incrementAndGet();
                            return Response.json(200, new Thing(request.part("id"), 7));
                        }),
                        Route.begin("/things", "New.", java.util.Set.of(), Thing.class, Thing.class, request -> {
                            Thing thing = request.body(Thing.class);
                            handled.incrementAndGet();
                            return Response.json(202, thing);
                        }),
                        Route.get("/broken", "Breaks.", Thing.class, request -> {
                            throw new IllegalStateException("a secret detail");
                        }),
                        Route.get("/waiting", "Waits.", Thing.class, request -> {
                            release.await();
                            return Response.json(200, new Thing("waited", 1));
                        }),
                        Route.page(
                                "/probe",
                                Route.Access.ANYBODY,
                                "Lives.",
                                Response.TEXT,
                                request -> Response.text(200, Response.TEXT, "ok"))));
        started.add(api);
        return api;
    }

    private static URI uri(HttpApi api, String path) {
        return URI.create("http://127.0.0.1:" + api.address().getPort() + path);
    }

    private HttpResponse<String> get(HttpApi api, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(api, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(HttpApi api, String path, String authorization) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(api, path))
                        .header("Authorization", authorization)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(HttpApi api, String body, String type) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(api, "/things"))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String raw(HttpApi api, String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), api.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code, String detail)
            throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = Json.tree(response.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("type").asText()).isEqualTo("urn:holdfast:error:" + code);
        assertThat(problem.path("detail").asText()).contains(detail);
    }
}
