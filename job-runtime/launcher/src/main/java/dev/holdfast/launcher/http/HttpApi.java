package dev.holdfast.launcher.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.api.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The HTTP server of a process. Each request:
 *
 * <ol>
 *   <li>is routed, and its sender let in or not, before anything of its body is read;
 *   <li>is read, up to {@link #MAX_BODY_BYTES}, within {@link #READ_TIMEOUT_S};
 *   <li>waits up to {@link #TURN_TIMEOUT_MS} until fewer than {@link #MAX_RUNNING} others are being handled;
 *   <li>is handled, and its answer sent within {@link #WRITE_TIMEOUT_S}.
 * </ol>
 *
 * A client that is slow in sending or reading holds a connection and no more, and there are {@link #MAX_CONNECTIONS} of these.
 */
public final class HttpApi implements AutoCloseable {
    /** No request needs more than some hundred bytes. */
    static final int MAX_BODY_BYTES = 64 << 10;

    /** Handlers take microseconds, but for those that wait for the coordinator. */
    static final int MAX_RUNNING = 32;

    /** People, dashboards and probes need a few; each costs a virtual thread and some kilobytes. */
    static final int MAX_CONNECTIONS = 512;

    static final int READ_TIMEOUT_S = 10;

    /** A recording has tens of megabytes. */
    static final int WRITE_TIMEOUT_S = 120;

    private static final long TURN_TIMEOUT_MS = 2_000;
    /** Answers that are on their way take some milliseconds. */
    private static final long CLOSE_MS = 500;

    private static final long LOOK_MS = 5;
    private static final int BACKLOG = 64;
    private static final System.Logger LOG = System.getLogger(HttpApi.class.getName());

    static {
        // The JDK's server takes its limits from here, once, when it is loaded; nothing else in the process uses it.
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(READ_TIMEOUT_S));
        System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(WRITE_TIMEOUT_S));
        System.setProperty("sun.net.httpserver.maxReqHeaders", "64");
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "16384");
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MAX_CONNECTIONS));
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Router router;
    private final Guard guard;
    private final Semaphore running = new Semaphore(MAX_RUNNING);
    private final AtomicInteger exchanges = new AtomicInteger();

    private HttpApi(HttpServer server, ExecutorService threads, Router router, Guard guard) {
        this.server = server;
        this.threads = threads;
        this.router = router;
        this.guard = guard;
    }

    /**
     * Listens and answers from now on.
     *
     * @throws HoldfastException HF-API-020 if the address cannot be used
     */
    public static HttpApi start(HttpSettings settings, List<Route> routes) {
        HttpServer server = listen(settings);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-", 0).factory());
        HttpApi api = new HttpApi(server, threads, new Router(routes), new Guard(settings.tokenFile()));
        server.setExecutor(threads);
        server.createContext("/", api::exchange);
        server.start();
        return api;
    }

    private static HttpServer listen(HttpSettings settings) {
        try {
            InetAddress host = InetAddress.getByName(settings.host());
            try {
                return HttpServer.create(new InetSocketAddress(host, settings.port()), BACKLOG);
            } catch (BindException e) {
                if (!settings.elsewhere()) {
                    throw e;
                }
                return HttpServer.create(new InetSocketAddress(host, 0), BACKLOG);
            }
        } catch (UnknownHostException e) {
            throw unusable(settings, "there is no such host", e);
        } catch (IOException e) {
            throw unusable(settings, String.valueOf(e.getMessage()), e);
        }
    }

    private static HoldfastException unusable(HttpSettings settings, String why, IOException cause) {
        return new HoldfastException(
                "HF-API-020",
                "cannot listen for HTTP at " + settings.host() + ":" + settings.port() + ": " + why
                        + ". Set http.listen-address and http.port, or http.port=off",
                cause);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Ends; requests that are being handled get a moment until they are cut off. */
    @Override
    public void close() {
        try {
            for (long waitedMs = 0; exchanges.get() > 0 && waitedMs < CLOSE_MS; waitedMs += LOOK_MS) {
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void exchange(HttpExchange exchange) {
        exchanges.incrementAndGet();
        try {
            answer(exchange);
        } finally {
            exchanges.decrementAndGet();
        }
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            Response response;
            try {
                response = respond(exchange);
            } catch (ApiException e) {
                response = Response.problem(e);
            } catch (HoldfastException e) {
                response = Response.problem(new ApiException(422, e.code(), e.text()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                response = Response.problem(
                        new ApiException(503, "HF-API-013", "the process ends. Ask the one that takes its place"));
            } catch (RuntimeException | LinkageError e) {
                LOG.log(System.Logger.Level.ERROR, "HF-API-014: a request could not be handled", e);
                response = Response.problem(new ApiException(
                        500,
                        "HF-API-014",
                        "the process could not handle this. Its log has the error; please report it"));
            }
            send(exchange, response);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client is gone: {0}", String.valueOf(e.getMessage()));
        }
    }

    private Response respond(HttpExchange exchange) throws IOException, InterruptedException {
        String method = exchange.getRequestMethod();
        Router.Match match = router.find(method, exchange.getRequestURI().getRawPath());
        Route route = match.route();
        if (route.access() == Route.Access.TOKEN) {
            guard.check(
                    exchange.getRequestHeaders(), exchange.getRemoteAddress().getAddress());
        }
        Map<String, String> query = Request.query(
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""), route.parameters());
        byte[] body = body(exchange, route);
        Request request = new Request(match.parts(), query, key(exchange), body);
        if (!running.tryAcquire(TURN_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
            throw new ApiException(
                    503,
                    "HF-API-013",
                    MAX_RUNNING + " requests are being handled already. Try again in a moment",
                    Map.of("Retry-After", "1"));
        }
        try {
            return route.handler().handle(request);
        } finally {
            running.release();
        }
    }

    private static String key(HttpExchange exchange) {
        String key = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"))
                .orElse("")
                .strip();
        if (key.length() > Request.MOST_KEY_CHARS) {
            throw new ApiException(
                    400,
                    "HF-API-007",
                    "the header Idempotency-Key has " + key.length() + " characters; at most " + Request.MOST_KEY_CHARS
                            + " are taken");
        }
        return key;
    }

    private static byte[] body(HttpExchange exchange, Route route) throws IOException {
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                throw new ApiException(
                        413,
                        "HF-API-004",
                        "the body has more than " + MAX_BODY_BYTES + " bytes",
                        Map.of("Connection", "close"));
            }
        }
        if (body.length == 0) {
            return body;
        }
        if (route.body() == null) {
            throw new ApiException(400, "HF-API-005", "this request takes no body. Leave it out");
        }
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                .orElse("")
                .toLowerCase(Locale.ROOT);
        String essence = type.split(";", 2)[0].strip();
        if (!essence.equals(Response.JSON) && !essence.equals("application/merge-patch+json")) {
            throw new ApiException(
                    415,
                    "HF-API-003",
                    "the body is of type '" + type + "'. Send JSON, with Content-Type: " + Response.JSON);
        }
        return body;
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", response.mediaType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        Path file = response.file();
        if (file != null) {
            try (InputStream in = Files.newInputStream(file)) {
                exchange.sendResponseHeaders(response.status(), Files.size(file));
                try (OutputStream out = exchange.getResponseBody()) {
                    in.transferTo(out);
                }
            }
            return;
        }
        byte[] body = response.body();
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        if (body.length != 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}
