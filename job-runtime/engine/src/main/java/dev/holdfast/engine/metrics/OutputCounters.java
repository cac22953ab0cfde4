package dev.holdfast.engine.metrics;

import java.util.Optional;

/** What goes through one channel out of a task. Written by the task's thread, read by any. */
public final class OutputCounters {
    private final String operator;
    private final int subtask;
    private final Optional<String> worker;
    private final Count records;
    private final Count blockedNs;

    /**
     * Makes one.
     *
     * @param operator that reads the channel
     * @param subtask of it
     * @param worker name of the worker that the reader runs in, if that is another one
     * @param records handed over
     * @param blockedNs time in which the channel refused what the task had for it
     */
    public OutputCounters(String operator, int subtask, Optional<String> worker, Count records, Count blockedNs) {
        this.operator = operator;
        this.subtask = subtask;
        this.worker = worker;
        this.records = records;
        this.blockedNs = blockedNs;
    }

    /** The task that reads the channel, such as {@code counts/0}. */
    public String reader() {
        return operator + "/" + subtask;
    }

    /** Where the reader runs; empty for this process. */
    public Optional<String> worker() {
        return worker;
    }

    /** Records handed over. */
    public Count records() {
        return records;
    }

    /** Time in which the channel refused what the task had for it; to another worker that is time without credit. */
    public Count blockedNs() {
        return blockedNs;
    }
}
