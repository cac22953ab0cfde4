package dev.holdfast.engine.local;

import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.task.OpenCalls;
import java.util.Optional;

/**
 * Watches the coordinator's thread from the worker's: an enumerator that does not return keeps it, so the coordinator itself can
 * neither say so nor end anything.
 */
final class CoordinatorWatch {
    private static final long LOOK_EVERY_MS = 1_000;

    /** What is shorter is no wait that anybody wants to read of. */
    private static final long TELL_AFTER_NS = 2_000_000_000L;

    private final Env env;
    private final Mailbox mailbox;
    private final OpenCalls calls;
    private final Told told;
    private volatile boolean ended;

    /** Takes what the coordinator's thread is in, on the watching thread; {@code overdue} if it will not come back. */
    @FunctionalInterface
    interface Told {
        void tell(String text, boolean overdue);
    }

    /** @param mailbox of another thread than the coordinator's */
    CoordinatorWatch(Env env, Mailbox mailbox, OpenCalls calls, Told told) {
        this.env = env;
        this.mailbox = mailbox;
        this.calls = calls;
        this.told = told;
    }

    /** Looks now and then until {@link #end}. */
    void begin() {
        env.blocking().schedule(LOOK_EVERY_MS, mailbox, this::look);
    }

    void end() {
        ended = true;
    }

    private void look() {
        if (ended) {
            return;
        }
        long nowNs = env.clock().nowNs();
        Optional<OpenCalls.Call> open = calls.open().stream()
                .filter(call -> nowNs - call.sinceNs() >= TELL_AFTER_NS)
                .findFirst();
        open.ifPresent(call -> told.tell(
                call.isOverdue(nowNs)
                        ? call.code() + ": " + call.what() + " has not returned for "
                                + (nowNs - call.sinceNs()) / 1_000_000
                                + " ms, and keeps the coordinator's thread. Start the job again: it goes on from its last"
                                + " checkpoint"
                        : "waiting for " + call.what() + " since " + (nowNs - call.sinceNs()) / 1_000_000_000 + " s",
                call.isOverdue(nowNs)));
        begin();
    }
}
