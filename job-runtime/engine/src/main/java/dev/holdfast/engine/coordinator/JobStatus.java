package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.RestorePoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a job is doing, as anybody may see it. Times are of the wall clock.
 *
 * @param generation of this coordinator; 0 before it has begun
 * @param restarts of the attempt by this coordinator
 * @param restoredCheckpoint number of the checkpoint or savepoint that the newest attempt began from; 0 for none
 * @param completedCheckpoints by this coordinator
 * @param failedCheckpoints of this coordinator: too late, declined, or not written. Without those that a newer one overtook, or
 *     that ended with their attempt
 * @param lastCheckpoint the newest complete one
 * @param message the last failure, or what the job waits for; empty if there is nothing to say
 */
public record JobStatus(
        Phase phase,
        long generation,
        int restarts,
        long restoredCheckpoint,
        long completedCheckpoints,
        long failedCheckpoints,
        Optional<CheckpointInfo> lastCheckpoint,
        String message) {

    static JobStatus of(
            Phase phase,
            long generation,
            int restarts,
            @Nullable RestorePoint restored,
            CheckpointHistory checkpoints,
            String message) {
        return new JobStatus(
                phase,
                generation,
                restarts,
                restored == null ? 0 : restored.manifest().checkpointId(),
                checkpoints.completedCount(),
                checkpoints.failedCount(),
                checkpoints.last(),
                message);
    }

    /** The same with another phase and message. */
    public JobStatus with(Phase next, String text) {
        return new JobStatus(
                next,
                generation,
                restarts,
                restoredCheckpoint,
                completedCheckpoints,
                failedCheckpoints,
                lastCheckpoint,
                text);
    }

    /** What the job is doing. */
    public enum Phase {
        /** Reads the log. */
        STARTING,
        /** Waits until enough slots are offered. */
        WAITING,
        /** Tasks are made and restored. */
        DEPLOYING,
        RUNNING,
        /** Tasks are ended after a failure, or a delay before the next attempt passes. */
        RESTARTING,
        /** Tasks are ended for good. */
        STOPPING,
        /** All input was processed, and all output is committed. */
        FINISHED,
        /** Stopped by a person. */
        CANCELED,
        /** Stopped with a savepoint. */
        SUSPENDED,
        /** Gave up. */
        FAILED,
        /** Another coordinator has taken over; this one does nothing any more. */
        FENCED,
        /** This process cannot go on, another one can: the log has no End. The process has to be started again. */
        INTERRUPTED;

        /** Whether nothing will happen any more. */
        public boolean isFinal() {
            return switch (this) {
                case FINISHED, CANCELED, SUSPENDED, FAILED, FENCED, INTERRUPTED -> true;
                case STARTING, WAITING, DEPLOYING, RUNNING, RESTARTING, STOPPING -> false;
            };
        }
    }

    /**
     * A complete checkpoint.
     *
     * @param durationMs from trigger to the log
     * @param uploadedBytes what was written for it
     * @param fullBytes what a restore reads
     */
    public record CheckpointInfo(long id, long completedWallMs, long durationMs, long uploadedBytes, long fullBytes) {}
}
