package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which checkpoint begins next: that of a savepoint, the final one, or a periodic one; in this order. On the coordinator's thread.
 * While the job is to stop with a savepoint, and once the final checkpoint has begun, no other one begins. While it drains only the
 * final one begins: a restart reads again from before the drain, rather than with some tasks at their end.
 */
final class CheckpointTriggers {
    private final SavepointRequests savepoints = new SavepointRequests();
    private final Operations operations;
    private long finalCheckpoint;
    private boolean draining;

    CheckpointTriggers(Operations operations) {
        this.operations = operations;
    }

    SavepointRequests savepoints() {
        return savepoints;
    }

    /**
     * Begins what is due; true if it did something.
     *
     * @param drained whether all tasks have come to the end of their input
     * @throws HoldfastException what an enumerator throws
     */
    boolean step(CheckpointCoordinator rounds, long nowNs, boolean drained) {
        if (rounds.mayTrigger(nowNs)) {
            // Behind the final checkpoint nothing begins: the job's end fails what still waits.
            Optional<String> savepoint = finalCheckpoint == 0 ? savepoints.next() : Optional.empty();
            if (savepoint.isPresent()) {
                long id = rounds.trigger(savepoint);
                savepoints.triggered();
                operations.triggered(savepoint.get(), id);
                return true;
            }
            if (!savepoints.isStopping() && finalCheckpoint == 0 && drained) {
                finalCheckpoint = rounds.trigger(Optional.empty());
                operations.ends(finalCheckpoint);
                return true;
            }
        }
        return rounds.step(nowNs, !savepoints.isStopping() && finalCheckpoint == 0 && !draining);
    }

    /** From now on the job only comes to its end, in this attempt or a later one. */
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    void attemptBegins() {
        finalCheckpoint = 0;
    }

    /** A checkpoint was given up. */
    void aborted(long checkpointId) {
        if (checkpointId == finalCheckpoint) {
            finalCheckpoint = 0;
        }
    }

    /** Whether the final checkpoint is among what is committed. */
    boolean isFinished(long committed) {
        return finalCheckpoint != 0 && committed >= finalCheckpoint;
    }

    /** A savepoint is in the log, or has failed. Returns what the job's status is to say of it, if anything. */
    Optional<String> ended(String name, long checkpointId, @Nullable Throwable error, long wallMs) {
        Optional<String> text = savepoints.ended(name, error);
        if (error == null) {
            operations.saved(name, checkpointId, wallMs);
        } else if (!savepoints.isWanted(name)) {
            operations.failed(name, error, wallMs);
        }
        return text;
    }

    /** Gives up savepoints that have waited too long for a time at which their checkpoint can begin; true if there were some. */
    boolean expire(long nowNs, long wallMs) {
        List<String> overdue = operations.overdue(nowNs, savepoints::isWanted);
        for (String name : overdue) {
            savepoints.remove(name);
            operations.failed(
                    name,
                    new HoldfastException(
                            "HF-CKP-014",
                            "savepoint " + name + " could not begin in time: the job did not run (savepoint.timeout)"),
                    wallMs);
        }
        return !overdue.isEmpty();
    }
}
