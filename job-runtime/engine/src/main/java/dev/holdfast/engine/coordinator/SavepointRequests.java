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
    private static final System.Logger LOG = System.getLogger(SavepointRequests.class.getName());

    private enum Stop {
        NONE,
        WANTED,
        TRIGGERED,
        SAVED
    }

    private final ArrayDeque<String> wanted = new ArrayDeque<>();
    private Stop stop = Stop.NONE;
    private @Nullable String stopName;
    private long stopCheckpoint;

    /** Tells whether a checkpoint, or a newer one, is being copied into a savepoint. */
    @FunctionalInterface
    interface Copying {
        boolean test(String name, long checkpointId);
    }

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

    /** The savepoint to trigger now. It stays the next one until {@link #triggered}. */
    Optional<String> next() {
        if (stop == Stop.WANTED) {
            return Optional.ofNullable(stopName);
        }
        return stop == Stop.NONE ? Optional.ofNullable(wanted.peek()) : Optional.empty();
    }

    /** The checkpoint that the next one is made of has begun. */
    void triggered(long checkpointId) {
        if (stop == Stop.WANTED) {
            stop = Stop.TRIGGERED;
            stopCheckpoint = checkpointId;
        } else {
            wanted.poll();
        }
    }

    /** Whether a savepoint still waits for its checkpoint to begin. */
    boolean isWanted(String name) {
        return wanted.contains(name) || (stop == Stop.WANTED && name.equals(stopName));
    }

    /** Nobody wants a savepoint any more that waits for its checkpoint to begin. */
    void remove(String name) {
        wanted.remove(name);
        if (stop == Stop.WANTED && name.equals(stopName)) {
            stop = Stop.NONE;
            stopName = null;
        }
    }

    /**
     * A savepoint is in the log, or has failed. Several may be made of one checkpoint, so the name tells which; and one of an older
     * checkpoint is not the stop's, whatever its name: output was committed since. Returns what the job's status is to say of it, if
     * anything.
     */
    Optional<String> ended(String name, long checkpointId, @Nullable Throwable error) {
        boolean ofStop = stop == Stop.TRIGGERED && name.equals(stopName) && checkpointId >= stopCheckpoint;
        if (error == null) {
            if (ofStop) {
                stop = Stop.SAVED;
            }
            return Optional.empty();
        }
        LOG.log(System.Logger.Level.WARNING, "savepoint " + name + " failed", error);
        if (!ofStop) {
            return Optional.empty();
        }
        stop = Stop.NONE;
        stopName = null;
        return Optional.of("stop with savepoint " + name + " failed, the job goes on: " + error.getMessage());
    }

    /**
     * The job restarts: what was under way is asked for again.
     *
     * @param copying tells whether the checkpoint of a savepoint is complete and is being copied, which goes on
     */
    void attemptEnded(Copying copying) {
        String name = stopName;
        if (stop == Stop.TRIGGERED && name != null && !copying.test(name, stopCheckpoint)) {
            stop = Stop.WANTED;
        }
    }

    /** The savepoint that the job is to stop with, once it is in the log. */
    Optional<String> savedStop() {
        return stop == Stop.SAVED ? Optional.ofNullable(stopName) : Optional.empty();
    }
}
