package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.Manifest;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A job at one moment, for people and programs that watch it. Immutable: the coordinator publishes another one when something has
 * changed, and any thread may read the newest. Times are of the wall clock, in milliseconds since 1970.
 *
 * @param attempt the present one, or the last one that began; 0 before the first
 * @param startedWallMs when this coordinator took the job over
 * @param phaseSinceWallMs when the job came into its phase
 * @param plan of the present attempt, or of the next one
 * @param placement of the present attempt; empty before the first
 * @param busy numbers of the workers that run, or may still run, tasks of the attempt
 * @param deployed numbers of the workers that have restored theirs
 * @param drained tasks that have come to the end of their input
 * @param restored manifest that the newest attempt began from
 * @param operations oldest first
 * @param checkpoint the settings that count now
 */
public record JobView(
        JobStatus status,
        long attempt,
        long startedWallMs,
        long phaseSinceWallMs,
        Plan plan,
        Optional<Placement> placement,
        Set<Integer> busy,
        Set<Integer> deployed,
        Set<TaskId> drained,
        CheckpointHistory.View checkpoints,
        Optional<Manifest> restored,
        FailureHistory.View failures,
        List<Operation> operations,
        CheckpointSettings checkpoint) {

    /** What a task is doing. */
    public enum TaskState {
        /** It has no slot yet. */
        SCHEDULED,
        /** It is made and restored, or waits for others to be. */
        INITIALIZING,
        RUNNING,
        /** It has come to the end of its input. */
        FINISHED,
        /** It was told to end. */
        CANCELING,
        /** It has ended; what it did since the last checkpoint is done again, if the job goes on. */
        CANCELED
    }

    /** What a task of the plan is doing. Its slot has the number of its subtask. */
    public TaskState state(TaskId task) {
        if (placement.isEmpty()) {
            return TaskState.SCHEDULED;
        }
        boolean mayRun = busy.contains(placement.get().workerOfSlot().get(task.subtask()));
        return switch (status.phase()) {
            case STARTING, WAITING -> TaskState.SCHEDULED;
            case DEPLOYING -> TaskState.INITIALIZING;
            case RUNNING -> drained.contains(task) ? TaskState.FINISHED : TaskState.RUNNING;
            case RESTARTING, STOPPING -> mayRun ? TaskState.CANCELING : TaskState.CANCELED;
            case FINISHED -> TaskState.FINISHED;
            case CANCELED, SUSPENDED, FAILED, FENCED, INTERRUPTED -> TaskState.CANCELED;
        };
    }

    /** The newest manifest that is known: of the newest complete checkpoint, or of what was restored. */
    public Optional<Manifest> manifest() {
        return checkpoints.manifest().or(() -> restored);
    }
}
