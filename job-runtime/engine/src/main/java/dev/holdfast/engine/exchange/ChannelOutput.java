package dev.holdfast.engine.exchange;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.metrics.Count;
import dev.holdfast.engine.metrics.OutputCounters;
import java.util.ArrayDeque;

/**
 * One task's way to one other: the batch that is being filled, and what the channel did not take yet. A task that sees
 * {@link Backlog#isBlocked} takes no further record, so what waits here is the output of a single record, or of one read.
 */
final class ChannelOutput {
    /** Batches that one record may make beyond what the channel takes: 2 million records, some 100 MB. */
    private static final int MAX_WAITING = 4096;

    private final ChannelWriter writer;
    private final Backlog backlog;
    private final ArrayDeque<Element> waiting = new ArrayDeque<>();
    private final Count records = new Count();
    private final Count blockedNs = new Count();
    private boolean timed;
    private long timedNs;

    ChannelOutput(ChannelWriter writer, Backlog backlog) {
        this.writer = writer;
        this.backlog = backlog;
    }

    /** What is counted here, for whoever knows the task that reads the channel. */
    OutputCounters counters(String operator, int subtask) {
        return new OutputCounters(operator, subtask, writer.otherWorker(), records, blockedNs);
    }

    /** From any thread. */
    long sentBytes() {
        return writer.sentBytes();
    }

    void push(Element element) {
        if (element instanceof Batch batch) {
            records.add(batch.size());
        }
        if (waiting.isEmpty() && writer.offer(element)) {
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            throw new HoldfastException(
                    "HF-RUN-003",
                    "one record made more than " + (long) MAX_WAITING * Batch.CAPACITY
                            + " others. Emit fewer for each record, or split the input more finely.");
        }
        if (waiting.isEmpty()) {
            backlog.begin();
        }
        waiting.add(element);
    }

    /** Hands over what waits, as far as the channel takes it. */
    void drain(long nowNs) {
        Element next = waiting.peek();
        if (next == null) {
            return;
        }
        if (timed) {
            blockedNs.add(nowNs - timedNs);
        }
        while (next != null && writer.offer(next)) {
            waiting.remove();
            next = waiting.peek();
            if (next == null) {
                backlog.end();
            }
        }
        timed = next != null;
        timedNs = nowNs;
    }
}
