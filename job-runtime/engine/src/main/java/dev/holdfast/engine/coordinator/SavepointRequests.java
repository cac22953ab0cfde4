package dev.holdfast.engine.coordinator;

import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Savepoints that were asked for. A stop with a savepoint goes first and holds all other checkpoints back; the job stops when
 * its savepoint is in the log and its transactions are committed.
 *
 * <p>A stop is WANTED, then TRIGGERED, then SAVED. A restart of the job makes a triggered one wanted again; a saved one stays.
 */
final class SavepointRequests {
    private enum Stop {
        NONE,
        WANTED,
        TRIGGERED,
        SAVED
    }

    private final ArrayDeque<String> wanted = new ArrayDeque<>();
    private Stop stop = Stop.NONE;
    private @Nullable String stopName;

    void add(String name) {
        wanted.add(name);
    }

    void stopWith(String name) {
        if (stop == Stop.NONE) {
            stop = Stop.WANTED;
            stopName = name;
        }
    }

    /** Whether no checkpoint of another purpose may begin. */
    boolean isStopping() {
        return stop != Stop.NONE;
    }

    /** The savepoint to trigger now, which counts as triggered from here on. */
    Optional<String> takeNext() {
        if (stop == Stop.WANTED) {
            stop = Stop.TRIGGERED;
            return Optional.ofNullable(stopName);
        }
        return stop == Stop.NONE ? Optional.ofNullable(wanted.poll()) : Optional.empty();
    }

    /** A savepoint is in the log. */
    void saved(String name) {
        if (name.equals(stopName) && stop == Stop.TRIGGERED) {
            stop = Stop.SAVED;
        }
    }

    /** A savepoint has failed; true if the job was to stop with it, and goes on instead. */
    boolean failed(String name) {
        if (stop != Stop.TRIGGERED || !name.equals(stopName)) {
            return false;
        }
        stop = Stop.NONE;
        stopName = null;
        return true;
    }

    /** The job restarts: what was under way is asked for again. */
    void attemptEnded() {
        if (stop == Stop.TRIGGERED) {
            stop = Stop.WANTED;
        }
    }

    /** The savepoint that the job is to stop with, once it is in the log. */
    Optional<String> savedStop() {
        return stop == Stop.SAVED ? Optional.ofNullable(stopName) : Optional.empty();
    }
}
