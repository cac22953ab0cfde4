package dev.holdfast.engine.worker;

import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.task.OpenCalls;
import dev.holdfast.engine.task.Slot;
import java.util.Optional;

/**
 * Watches one slot from the worker's thread: calls off the slot's thread by what they note in {@link OpenCalls}, the thread
 * itself by asking it now and then to answer. A thread that user code does not give back cannot answer.
 */
final class SlotWatch {
    private static final long ASK_EVERY_NS = 1_000_000_000L;

    private final int number;
    private final Slot slot;
    private final OpenCalls calls;
    private final Timeouts timeouts;
    private long askedNs;
    private volatile boolean asked;
    private volatile boolean ended;

    SlotWatch(int number, Slot slot, OpenCalls calls, Timeouts timeouts, long nowNs) {
        this.number = number;
        this.slot = slot;
        this.calls = calls;
        this.timeouts = timeouts;
        this.askedNs = nowNs;
    }

    /**
     * Something that the slot waits for.
     *
     * @param code of the error, if it has lasted too long; empty otherwise
     */
    record Wait(String what, long sinceNs, String code) {}

    /** The slot's thread runs nothing any more, so it answers nothing; from any thread. */
    void ended() {
        ended = true;
    }

    /** Asks the slot's thread for a sign of life, if it is time and it owes none. */
    void ask(long nowNs) {
        if (!asked && !ended && nowNs - askedNs >= ASK_EVERY_NS) {
            askedNs = nowNs;
            asked = true;
            slot.mailbox().post(() -> asked = false);
        }
    }

    /** What the slot has waited for longest. */
    Optional<Wait> longest(long nowNs) {
        Optional<Wait> call = calls.open().stream()
                .findFirst()
                .map(open -> new Wait(
                        "slot " + number + ": " + open.what(),
                        open.sinceNs(),
                        open.isOverdue(nowNs) ? open.code() : ""));
        if (!asked || ended || (call.isPresent() && call.get().sinceNs() < askedNs)) {
            return call;
        }
        boolean overdue = nowNs - askedNs > timeouts.call().toNanos();
        return Optional.of(new Wait(
                "slot " + number + ": " + slot.inside().orElse("its thread"), askedNs, overdue ? "HF-RUN-014" : ""));
    }

    /** Something that has lasted too long. */
    Optional<Wait> overdue(long nowNs) {
        Optional<Wait> call = calls.open().stream()
                .filter(open -> open.isOverdue(nowNs))
                .findFirst()
                .map(open -> new Wait("slot " + number + ": " + open.what(), open.sinceNs(), open.code()));
        return call.isPresent()
                ? call
                : longest(nowNs).filter(wait -> !wait.code().isEmpty());
    }
}
