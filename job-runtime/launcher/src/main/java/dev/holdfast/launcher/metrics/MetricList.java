package dev.holdfast.launcher.metrics;

import static dev.holdfast.launcher.metrics.Metric.counter;
import static dev.holdfast.launcher.metrics.Metric.gauge;
import static dev.holdfast.launcher.metrics.Metric.summary;

import dev.holdfast.engine.coordinator.CheckpointMetrics;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.metrics.Count;
import dev.holdfast.engine.metrics.Distribution;
import dev.holdfast.engine.metrics.StateCounters;
import dev.holdfast.engine.metrics.TaskCounters;
import dev.holdfast.engine.metrics.TaskTimes.Use;
import dev.holdfast.engine.task.MetricsRegistry;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** All metrics of our own, but for those that operators make themselves ({@link OperatorMetrics}). */
final class MetricList {
    private static final double NS = 1e9;
    private static final double MS = 1e3;

    /** What a coordinator's metrics are read from. */
    record Coordinated(JobStatus status, CheckpointMetrics checkpoints) {}

    /** Labels {@code job}, {@code worker}, {@code vertex}, {@code subtask}. */
    static final List<Metric<TaskCounters>> TASK = List.of(
            counter(
                    "holdfast_task_records_in_total",
                    "records",
                    "Records that the task took in; for a source: that it read.",
                    task -> task.recordsIn().value()),
            counter(
                    "holdfast_task_records_out_total",
                    "records",
                    "Records handed to channels. One that goes to several channels counts for each.",
                    TaskCounters::recordsOut),
            counter(
                    "holdfast_task_busy_seconds_total",
                    "seconds",
                    "Time in which the task had its slot's thread, or took no records because it waited for its own calls.",
                    task -> (task.times().spentNs(Use.BUSY) + task.times().spentNs(Use.STALLED)) / NS),
            counter(
                    "holdfast_task_stalled_seconds_total",
                    "seconds",
                    "The part of the busy time in which the task waited for its own calls: a flush, or a sink's prepare.",
                    spent(Use.STALLED)),
            counter("holdfast_task_idle_seconds_total", "seconds", "Time without anything to read.", spent(Use.IDLE)),
            counter(
                    "holdfast_task_backpressured_seconds_total",
                    "seconds",
                    "Time in which a channel behind the task took no more.",
                    spent(Use.BACK_PRESSURED)),
            counter(
                    "holdfast_task_turn_wait_seconds_total",
                    "seconds",
                    "Time in which the task had more to do and another task of its slot had the thread. With busy, idle and"
                            + " backpressured time it makes up the whole time.",
                    spent(Use.TURN_WAIT)),
            summary(
                    "holdfast_task_barrier_pause_seconds",
                    "seconds",
                    "How long a barrier kept the task from records.",
                    NS,
                    TaskCounters::barrierPauseNs),
            summary(
                            "holdfast_task_barrier_alignment_seconds",
                            "seconds",
                            "From the first barrier of a checkpoint at the task's inputs to the last one.",
                            NS,
                            TaskCounters::alignmentNs)
                    .where(task -> !task.isSource()),
            summary(
                            "holdfast_task_latency_seconds",
                            "seconds",
                            "Age of probes when they reach the task, which a source sends among its records every 2 s. It is by the"
                                    + " clocks of two machines where a probe came from another one.",
                            MS,
                            TaskCounters::latencyMs)
                    .where(task -> !task.isSource()),
            gauge(
                            "holdfast_task_input_queue_fill_ratio",
                            "0 to 1",
                            "How full the fullest channel into the task is.",
                            (TaskCounters task) -> task.input().fill())
                    .where(task -> !task.isSource()),
            counter(
                    "holdfast_network_sent_bytes_total",
                    "bytes",
                    "Records and barriers sent to tasks of other workers, with the heads of frames.",
                    TaskCounters::sentBytes),
            counter(
                    "holdfast_network_received_bytes_total",
                    "bytes",
                    "The same, received.",
                    task -> task.input().receivedBytes()),
            counter(
                    "holdfast_network_credit_stall_seconds_total",
                    "seconds",
                    "Time in which channels to other workers had something to send and no credit. Several channels at once add up.",
                    task -> task.creditStallNs() / NS),
            gauge(
                            "holdfast_source_pending_records",
                            "records",
                            "Records that are there for this task of the source and were not read yet. Only for sources that know it.",
                            (TaskCounters task) -> task.pendingRecords().orElse(0))
                    .where(task -> task.pendingRecords().isPresent()),
            state("hits_total", "reads", "Reads of keyed state that met an entry in memory.", s -> s.hits),
            state("misses_total", "reads", "Reads of keyed state that did not.", s -> s.misses),
            state("store_reads_total", "reads", "Misses that asked the store on the local disk.", s -> s.storeReads),
            state(
                    "prefetched_total",
                    "entries",
                    "Entries that were read for a whole batch before it.",
                    s -> s.prefetched),
            state("evictions_total", "entries", "Entries that were taken out of memory.", s -> s.evicted),
            stateGauge("entries", "entries", "Entries in memory.", s -> s.entries),
            stateGauge("memory_bytes", "bytes", "About what entries in memory take.", s -> s.memoryBytes),
            stateGauge(
                    "dirty_bytes",
                    "bytes",
                    "The part of it that was changed since the last barrier.",
                    s -> s.dirtyBytes),
            state("flushes_total", "flushes", "Flushes of changed entries, with or without a barrier.", s -> s.flushes),
            state("spills_total", "flushes", "Flushes without a barrier, since memory was short.", s -> s.spills),
            state("flushed_entries_total", "entries", "Entries written by flushes.", s -> s.flushedEntries),
            stateSeconds("flush_seconds_total", "Time that flushes took, beside the task.", s -> s.flushNs),
            state("folds_total", "folds", "Merges of stored segments.", s -> s.folds),
            state("folded_bytes_total", "bytes", "Bytes read for that.", s -> s.foldedBytes),
            state(
                    "failed_folds_total",
                    "folds",
                    "Merges that ended with an error. They are tried again.",
                    s -> s.failedFolds),
            stateGauge("segments", "segments", "Segments that the state consists of.", s -> s.segments),
            stateGauge("segment_bytes", "bytes", "Bytes in them.", s -> s.segmentBytes));

    /** Labels {@code job}, {@code worker}. */
    static final List<Metric<MetricsRegistry>> WORKER = List.of(
            gauge(
                    "holdfast_worker_tasks",
                    "tasks",
                    "Tasks that run in this process.",
                    registry -> registry.runningAttempt() == 0
                            ? 0
                            : registry.tasks().size()),
            summary(
                    "holdfast_checkpoint_upload_seconds",
                    "seconds",
                    "How long the upload of this worker's part of a checkpoint took.",
                    NS,
                    MetricsRegistry::uploadNs));

    /** Label {@code job}, of the process that coordinates it. */
    static final List<Metric<Coordinated>> JOB = List.of(
            gauge(
                    "holdfast_job_running",
                    "0 or 1",
                    "Whether all tasks run.",
                    job -> job.status().phase() == JobStatus.Phase.RUNNING ? 1 : 0),
            gauge(
                    "holdfast_job_generation",
                    "number",
                    "Generation of the coordinator; 0 before it has begun.",
                    job -> job.status().generation()),
            counter(
                    "holdfast_job_restarts_total",
                    "restarts",
                    "Restarts of the tasks by this coordinator.",
                    job -> job.status().restarts()),
            checkpoints(
                    "holdfast_checkpoint_completed_total",
                    "checkpoints",
                    "Complete checkpoints.",
                    c -> c.completed().value()),
            checkpoints(
                    "holdfast_checkpoint_failed_total",
                    "checkpoints",
                    "Checkpoints that were too late, declined, or not written.",
                    c -> c.failed().value()),
            checkpoints(
                    "holdfast_checkpoint_uploaded_bytes_total",
                    "bytes",
                    "Bytes written for complete checkpoints.",
                    c -> c.uploadedBytes().value()),
            phase(
                    "duration",
                    "From the trigger of a complete checkpoint to its place in the log.",
                    CheckpointMetrics::durationNs),
            phase(
                    "acknowledge",
                    "From the trigger to the last worker's answer: barriers, flushes, prepares, uploads.",
                    CheckpointMetrics::acknowledgeNs),
            phase("store", "How long manifest and log slot took.", CheckpointMetrics::storeNs),
            phase("commit", "From the log to the last worker that had committed.", CheckpointMetrics::commitNs),
            last("id", "number", "Number of the newest complete checkpoint.", JobStatus.CheckpointInfo::id),
            last("size_bytes", "bytes", "Bytes written for it.", JobStatus.CheckpointInfo::uploadedBytes),
            last(
                    "full_size_bytes",
                    "bytes",
                    "Bytes that a restore from it reads.",
                    JobStatus.CheckpointInfo::fullBytes),
            gauge(
                            "holdfast_checkpoint_last_timestamp_seconds",
                            "seconds since 1970",
                            "When it was complete; its age is time() less this.",
                            (Coordinated job) ->
                                    job.status().lastCheckpoint().orElseThrow().completedWallMs() / MS)
                    .where(job -> job.status().lastCheckpoint().isPresent()));

    private MetricList() {}

    private static ToDoubleFunction<TaskCounters> spent(Use use) {
        return task -> task.times().spentNs(use) / NS;
    }

    private static Metric<TaskCounters> state(
            String name, String unit, String meaning, Function<StateCounters, Count> count) {
        return counter(
                        "holdfast_state_" + name,
                        unit,
                        meaning,
                        (TaskCounters task) -> count.apply(task.state()).value())
                .where(TaskCounters::isStateful);
    }

    private static Metric<TaskCounters> stateSeconds(
            String name, String meaning, Function<StateCounters, Count> countNs) {
        return counter(
                        "holdfast_state_" + name,
                        "seconds",
                        meaning,
                        (TaskCounters task) -> countNs.apply(task.state()).value() / NS)
                .where(TaskCounters::isStateful);
    }

    private static Metric<TaskCounters> stateGauge(
            String name, String unit, String meaning, Function<StateCounters, Count> count) {
        return gauge(
                        "holdfast_state_" + name,
                        unit,
                        meaning,
                        (TaskCounters task) -> count.apply(task.state()).value())
                .where(TaskCounters::isStateful);
    }

    private static Metric<Coordinated> checkpoints(
            String name, String unit, String meaning, ToLongFunction<CheckpointMetrics> value) {
        return counter(name, unit, meaning, job -> value.applyAsLong(job.checkpoints()));
    }

    private static Metric<Coordinated> phase(
            String name, String meaning, Function<CheckpointMetrics, Distribution> times) {
        return summary(
                "holdfast_checkpoint_" + name + "_seconds",
                "seconds",
                meaning,
                NS,
                job -> times.apply(job.checkpoints()));
    }

    private static Metric<Coordinated> last(
            String name, String unit, String meaning, ToLongFunction<JobStatus.CheckpointInfo> value) {
        return gauge(
                        "holdfast_checkpoint_last_" + name,
                        unit,
                        meaning,
                        (Coordinated job) ->
                                value.applyAsLong(job.status().lastCheckpoint().orElseThrow()))
                .where(job -> job.status().lastCheckpoint().isPresent());
    }
}
