package dev.holdfast.engine.protocol;

import dev.holdfast.engine.checkpoint.Opaque;
import dev.holdfast.engine.checkpoint.RestorePoint;
import java.util.Optional;

/** What a coordinator tells a worker. */
public sealed interface ToWorker extends Message {

    /** The attempt that this is about: ascending over all generations of the job. */
    long attempt();

    /**
     * Make the tasks, restore their state, commit what the log has decided, remove left-overs; answer {@link
     * ToCoordinator.Deployed} or {@link ToCoordinator.Failed}.
     *
     * @param generation of the coordinator
     * @param parallelism of operators that set none
     * @param fingerprint of the coordinator's plan
     * @param restore what to start from; empty for no state
     * @param commit the newest checkpoint of the log whose transactions may not all be committed yet
     * @param placement which worker runs which slot
     */
    record Deploy(
            long attempt,
            long generation,
            int parallelism,
            String fingerprint,
            Optional<RestorePoint> restore,
            Optional<RestorePoint> commit,
            Placement placement)
            implements ToWorker {}

    /** All workers have deployed: process records. */
    record Start(long attempt) implements ToWorker {}

    /** Splits for a reader, encoded as in a checkpoint. */
    record AssignSplits(long attempt, TaskId reader, Opaque splits) implements ToWorker {}

    record NoMoreSplits(long attempt, TaskId reader) implements ToWorker {}

    /** Readers read no more, whatever splits they have; what they have read runs through to the end of the job. */
    record Drain(long attempt) implements ToWorker {}

    /** Begin a checkpoint at the sources. */
    record Trigger(long attempt, long checkpointId) implements ToWorker {}

    /** A checkpoint is in the log: confirm its state, commit its transactions; answer {@link ToCoordinator.Committed}. */
    record Completed(long attempt, long checkpointId) implements ToWorker {}

    /** A checkpoint will never be in the log. */
    record Aborted(long attempt, long checkpointId) implements ToWorker {}

    /** End all tasks; answer {@link ToCoordinator.Cancelled}. */
    record Cancel(long attempt) implements ToWorker {}
}
