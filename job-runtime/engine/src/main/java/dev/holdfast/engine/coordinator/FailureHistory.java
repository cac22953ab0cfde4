package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.TaskId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** What failed attempts of one coordinator, for people: the last failures, and how many there were. On the coordinator's thread. */
public final class FailureHistory {
    /** More than these nobody reads; the log has all. */
    private static final int KEPT = 50;

    /** A longer text is a dump of something, of which the beginning tells enough. */
    private static final int MOST_CHARS = 2_000;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long count;

    /**
     * One failure.
     *
     * @param text without the code; cut where it is very long
     * @param task that failed, where it was one
     * @param worker name of the worker that reported it, or that was lost; empty for a failure of the coordinator's own
     * @param attempt that ended with it
     * @param wallMs of the wall clock, in milliseconds since 1970
     */
    public record Entry(
            String code, String text, Optional<TaskId> task, Optional<String> worker, long attempt, long wallMs) {}

    /**
     * The history at one moment.
     *
     * @param entries the last ones, oldest first
     * @param count of all
     */
    public record View(List<Entry> entries, long count) {}

    void add(Failure failure, Optional<String> worker, long attempt, long wallMs) {
        count++;
        String text = failure.text();
        entries.add(new Entry(
                failure.code(),
                text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS) + "...",
                failure.task(),
                worker,
                attempt,
                wallMs));
        if (entries.size() > KEPT) {
            entries.remove();
        }
    }

    View view() {
        return new View(List.copyOf(entries), count);
    }
}
