package dev.holdfast.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server on the loopback interface that misbehaves as a script says. It keeps objects, so that an answer can be lost after
 * the deed.
 */
final class CannedServer implements AutoCloseable {
    /** Answers one request. */
    interface Script {
        Answer answer(CannedServer server, Request request);
    }

    /** @param number counts the requests from 0 */
    record Request(int number, String method, String key, byte[] body, String ifNoneMatch, String token) {}

    /** @param promisedBytes what the header says; -1 for what there is. Status 0 breaks the connection off. */
    record Answer(int status, byte[] body, Map<String, String> headers, long promisedBytes) {
        static Answer of(int status) {
            return new Answer(status, new byte[0], Map.of(), -1);
        }

        static Answer of(int status, byte[] body) {
            return new Answer(status, body, Map.of(), -1);
        }

        static Answer error(int status, String code) {
            return of(
                    status,
                    ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>canned</Message></Error>")
                            .getBytes(StandardCharsets.UTF_8));
        }

        static Answer hangUp() {
            return of(0);
        }

        Answer with(String header, String value) {
            return new Answer(status, body, Map.of(header, value), promisedBytes);
        }

        Answer promising(long bytes) {
            return new Answer(status, body, headers, bytes);
        }
    }

    /** An object and the token of the write that made it. */
    record Stored(byte[] bytes, String token) {}

    final Map<String, Stored> objects = new ConcurrentHashMap<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Script script;

    CannedServer(Script script) throws IOException {
        this(HttpServer.create(), script);
    }

    CannedServer(HttpServer server, Script script) throws IOException {
        this.script = script;
        this.server = server;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Does a request as S3 would, for scripts that misbehave only now and then. */
    Answer behave(Request request) {
        Stored stored = objects.get(request.key());
        return switch (request.method()) {
            case "PUT" -> {
                if (request.ifNoneMatch() != null && stored != null) {
                    yield Answer.error(412, "PreconditionFailed");
                }
                objects.put(request.key(), new Stored(request.body(), request.token()));
                yield Answer.of(200).with("ETag", "\"e\"");
            }
            case "GET" -> stored == null ? Answer.error(404, "NoSuchKey") : Answer.of(200, stored.bytes());
            case "HEAD" -> {
                if (stored == null) {
                    yield Answer.of(404);
                }
                Answer head = Answer.of(200).promising(stored.bytes().length);
                yield stored.token() == null ? head : head.with("x-amz-meta-holdfast-write", stored.token());
            }
            default -> Answer.of(204);
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request;
            try (InputStream in = exchange.getRequestBody()) {
                byte[] body =
                        plain(in.readAllBytes(), exchange.getRequestHeaders().getFirst("x-amz-decoded-content-length"));
                synchronized (requests) {
                    request = new Request(
                            requests.size(),
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath().replaceFirst("^/[^/]*/?", ""),
                            body,
                            exchange.getRequestHeaders().getFirst("If-None-Match"),
                            exchange.getRequestHeaders().getFirst("x-amz-meta-holdfast-write"));
                    requests.add(request);
                }
            }
            Answer answer = script.answer(this, request);
            if (answer.status() == 0) {
                return;
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            long promised = answer.promisedBytes() >= 0 ? answer.promisedBytes() : answer.body().length;
            if (request.method().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(promised));
                exchange.sendResponseHeaders(answer.status(), -1);
                return;
            }
            exchange.sendResponseHeaders(answer.status(), promised == 0 ? -1 : promised);
            if (promised > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(answer.body());
                }
            }
        }
    }

    /** Takes the signed chunks of a body apart: {@code <size in hex>;chunk-signature=...\r\n<bytes>\r\n}. */
    private static byte[] plain(byte[] body, String decodedLength) {
        if (decodedLength == null) {
            return body;
        }
        byte[] plain = new byte[Integer.parseInt(decodedLength)];
        int to = 0;
        int from = 0;
        while (to < plain.length) {
            int end = from;
            while (body[end] != ';' && body[end] != '\r') {
                end++;
            }
            int size = Integer.parseInt(new String(body, from, end - from, StandardCharsets.US_ASCII), 16);
            while (body[end] != '\n') {
                end++;
            }
            System.arraycopy(body, end + 1, plain, to, size);
            to += size;
            from = end + 1 + size + 2;
        }
        return plain;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
