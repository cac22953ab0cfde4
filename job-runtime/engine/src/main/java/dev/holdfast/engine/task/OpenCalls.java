package dev.holdfast.engine.task;

import dev.holdfast.engine.env.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls that are under way and may never return: into user code, sources and sinks. Who makes one notes it here; who watches,
 * from another thread, sees what it is, since when, and whether it is past its limit. Callable from any thread.
 */
public final class OpenCalls {
    /** For calls whose end something else limits; they are only named. */
    private static final long NO_LIMIT_NS = Long.MAX_VALUE;

    private final Clock clock;
    private final Map<Long, Call> open = new ConcurrentHashMap<>();
    private final AtomicLong begun = new AtomicLong();

    public OpenCalls(Clock clock) {
        this.clock = clock;
    }

    /**
     * A call that was begun; closing it says that it has returned.
     *
     * @param what for people: who is in which call
     * @param code of the error if it is past its limit; empty where it has none
     */
    public record Call(OpenCalls of, long number, String what, long sinceNs, long limitNs, String code)
            implements AutoCloseable {
        @Override
        public void close() {
            of.open.remove(number);
        }

        public boolean isOverdue(long nowNs) {
            return nowNs - sinceNs > limitNs;
        }
    }

    /** Notes a call that has a limit of its own. */
    public Call begin(String what, Duration limit, String code) {
        return begin(what, limit.toNanos(), code);
    }

    /** Notes a call without a limit of its own. */
    public Call begin(String what) {
        return begin(what, NO_LIMIT_NS, "");
    }

    private Call begin(String what, long limitNs, String code) {
        Call call = new Call(this, begun.incrementAndGet(), what, clock.nowNs(), limitNs, code);
        open.put(call.number(), call);
        return call;
    }

    /** All that are under way, the oldest first. */
    public List<Call> open() {
        return open.values().stream()
                .sorted(Comparator.comparingLong(Call::sinceNs).thenComparingLong(Call::number))
                .toList();
    }
}
