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

    /** The savepoint of a checkpoint is in the log, or has failed. Returns what the job's status is to say of it, if anything. */
    Optional<String> ended(String name, long checkpointId, @Nullable Throwable error) {
        if (error == null) {
            saved(checkpointId);
            return Optional.empty();
        }
        LOG.log(System.Logger.Level.WARNING, "savepoint " + name + " failed", error);
        return failed(checkpointId)
                ? Optional.of("stop with savepoint " + name + " failed, the job goes on: " + error.getMessage())
                : Optional.empty();
    }

    private void saved(long checkpointId) {
        if (checkpointId == stopCheckpoint && stop == Stop.TRIGGERED) {
            stop = Stop.SAVED;
        }
    }

    /** True if the job was to stop with it, and goes on instead. */
    private boolean failed(long checkpointId) {
        if (stop != Stop.TRIGGERED || checkpointId != stopCheckpoint) {
            return false;
        }
        stop = Stop.NONE;
        stopCheckpoint = 0;
        stopName = null;
        return true;
    }

    /**
     * The job restarts: what was under way is asked for again.
     *
     * @param copying whether the checkpoint is complete and is being copied, which goes on
     */
    void attemptEnded(boolean copying) {
        if (stop == Stop.TRIGGERED && !copying) {
            stop = Stop.WANTED;
            stopCheckpoint = 0;
        }
    }

    /** The savepoint that the job is to stop with, once it is in the log. */
    Optional<String> savedStop() {
        return stop == Stop.SAVED ? Optional.ofNullable(stopName) : Optional.empty();
    }
}
