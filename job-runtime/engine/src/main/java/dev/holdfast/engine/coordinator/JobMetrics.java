package dev.holdfast.engine.coordinator;

/**
 * What a coordinator measures of its job, for any thread.
 *
 * @param tasks what the tasks reported last
 * @param checkpoints what checkpoints took
 */
public record JobMetrics(TaskReports tasks, CheckpointMetrics checkpoints) {
    JobMetrics() {
        this(new TaskReports(), new CheckpointMetrics());
    }
}
