package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which checkpoint begins next: that of a savepoint, that of a change of the parallelism, the final one, or a periodic one; in this order. On the coordinator's thread.
 * While the job is to stop with a savepoint, and once the final checkpoint has begun, no other one begins. While it drains only the
 * final one begins: a restart reads again from before the drain, rather than with some tasks at their end.
 */
final class CheckpointTriggers {
    private static final String RESCALE = "rescale";

    private final SavepointRequests savepoints = new SavepointRequests();
    private final Operations operations;
    private final Scale scale;
    private final Handover handover = new Handover();
    private long finalCheckpoint;
    private boolean draining;

    CheckpointTriggers(Operations operations, Scale scale) {
        this.operations = operations;
        this.scale = scale;
    }

    SavepointRequests savepoints() {
        return savepoints;
    }

    Scale scale() {
        return scale;
    }

    Handover handover() {
        return handover;
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
                savepoints.triggered(id);
                operations.triggered(savepoint.get(), id);
                return true;
            }
            if (!savepoints.isStopping() && finalCheckpoint == 0 && !drained && handover.needsCheckpoint()) {
                handover.triggered(rounds.trigger(Optional.empty()));
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

    /** The next attempt is to have another parallelism. */
    void rescale(Scale.Sized sized) {
        scale.want(sized);
        handover.want(RESCALE, scale.text());
    }

    /** From now on the job only comes to its end, in this attempt or a later one. */
    void drain() {
        draining = true;
    }

    void ifDraining(Runnable then) {
        if (draining) {
            then.run();
        }
    }

    void attemptBegins() {
        finalCheckpoint = 0;
        handover.attemptBegins();
    }

    /** A checkpoint was given up. */
    void aborted(long checkpointId) {
        if (checkpointId == finalCheckpoint) {
            finalCheckpoint = 0;
        }
        handover.aborted(checkpointId);
    }

    /**
     * How the job ends now; empty if it goes on.
     *
     * @param committed a checkpoint whose transactions are committed
     * @param all whether nothing that the log has decided is uncommitted
     */
    Optional<Ending> ending(long committed, boolean all) {
        if (finalCheckpoint != 0 && committed >= finalCheckpoint) {
            return Optional.of(Ending.FINISHED);
        }
        return all ? savepoints.savedStop().map(Ending::suspended) : Optional.empty();
    }

    /** A savepoint is in the log, or has failed. Returns what the job's status is to say of it, if anything. */
    Optional<String> ended(String name, long checkpointId, @Nullable Throwable error, long wallMs) {
        Optional<String> text = savepoints.ended(name, checkpointId, error);
        if (error == null) {
            operations.saved(name, checkpointId, wallMs);
        } else if (!savepoints.isWanted(name)) {
            operations.failed(name, error, wallMs);
        }
        return text;
    }

    /** Gives up a change of the parallelism, and savepoints, that have waited too long for a time at which their checkpoint can begin; true if there were some. */
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
        boolean late = operations.expireRescale(nowNs, wallMs);
        if (late) {
            scale.giveUp();
            handover.giveUp(RESCALE);
        }
        return late || !overdue.isEmpty();
    }
}
