package dev.holdfast.launcher.rest;

import dev.holdfast.launcher.http.Response;
import dev.holdfast.launcher.http.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Probes of Kubernetes.
 *
 * <ul>
 *   <li>{@code /livez}: the main loop turns. It fails when a piece of mail was not run for the limit: then only a restart of the
 *       process helps.
 *   <li>{@code /readyz}: the process does its work for others now.
 *   <li>{@code /startupz}: the process was ready once; it never fails again.
 * </ul>
 *
 * Any thread. One piece of mail at a time is under way, however many probe.
 */
public final class Probes {
    /** A loop that turns answers in a millisecond; within this a probe of Kubernetes (1 s) still gets its answer. */
    private static final long ANSWER_MS = 500;

    private final Consumer<Runnable> mailbox;
    private final Duration limit;
    private final Supplier<Optional<String>> unready;
    private @Nullable Ping open;
    private volatile boolean started;

    private record Ping(CountDownLatch turned, long sinceNs) {}

    /**
     * Makes them.
     *
     * @param mailbox posts to the main loop
     * @param limit how long it may not turn
     * @param unready why the process is not ready; empty if it is
     */
    public Probes(Consumer<Runnable> mailbox, Duration limit, Supplier<Optional<String>> unready) {
        this.mailbox = mailbox;
        this.limit = limit;
        this.unready = unready;
    }

    /** The routes; anybody may ask. */
    public List<Route> routes() {
        return List.of(
                probe("/livez", "Whether the process's main loop turns.", this::live),
                probe("/readyz", "Whether the process does its work for others.", this::ready),
                probe("/startupz", "Whether the process was ready once.", this::startup));
    }

    private static Route probe(String path, String summary, Check check) {
        return Route.page(path, Route.Access.ANYBODY, summary, Response.TEXT, request -> {
            Optional<String> failure = check.failure();
            return Response.text(failure.isEmpty() ? 200 : 503, Response.TEXT, failure.orElse("ok") + "\n");
        });
    }

    @FunctionalInterface
    private interface Check {
        Optional<String> failure() throws InterruptedException;
    }

    private Optional<String> live() throws InterruptedException {
        Ping ping = ping();
        if (ping.turned.await(ANSWER_MS, TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        long sinceMs = (System.nanoTime() - ping.sinceNs) / 1_000_000;
        return sinceMs < limit.toMillis()
                ? Optional.empty()
                : Optional.of("the main loop has not turned for " + sinceMs + " ms");
    }

    private synchronized Ping ping() {
        Ping present = open;
        if (present == null || present.turned.getCount() == 0) {
            Ping next = new Ping(new CountDownLatch(1), System.nanoTime());
            mailbox.accept(next.turned::countDown);
            open = next;
            return next;
        }
        return present;
    }

    private Optional<String> ready() {
        Optional<String> reason = unready.get();
        started |= reason.isEmpty();
        return reason;
    }

    private Optional<String> startup() {
        return started ? Optional.empty() : ready();
    }
}
