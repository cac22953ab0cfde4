package dev.holdfast.launcher.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the wire as JSON. Components that are null are left out. Times are texts such as {@code 2026-01-01T00:00:00.123Z};
 * units end the names of numbers. Components are added from version to version, and neither renamed nor removed within {@code v1}.
 */
public final class Resources {
    private Resources() {}

    /**
     * A job.
     *
     * @param message the last failure, or what the job waits for; empty if there is nothing to say
     * @param restarts of the attempt by this coordinator
     */
    public record Job(
            String namespace,
            String name,
            String id,
            String phase,
            String message,
            long generation,
            long attempt,
            int restarts,
            long failures,
            String coordinatorStartTime,
            String phaseSince,
            @Nullable Long restoredCheckpoint,
            @Nullable Long lastCheckpoint) {}

    /** What runs, and where. */
    public record Graph(String fingerprint, int maxParallelism, int slots, List<Vertex> vertices, List<Edge> edges) {}

    /** A chain of operators that run in one task. */
    public record Vertex(int number, String name, int parallelism, List<Operator> operators, List<Task> tasks) {}

    /** One operator of a chain. */
    public record Operator(String name, String kind, List<String> states) {}

    /**
     * One parallel instance of a vertex.
     *
     * @param id vertex and subtask, as in error texts
     * @param worker that has its slot; none before the first attempt
     * @param rates as the worker told them last; none before its first report
     */
    public record Task(
            String id,
            int subtask,
            String state,
            @Nullable String worker,
            @Nullable Rates rates) {}

    /**
     * What a task does, about a second old.
     *
     * @param recordsIn taken in by this attempt; for a source: read
     * @param recordsOut handed on by this attempt
     * @param busyMsPerSecond it worked
     * @param idleMsPerSecond it had nothing to read
     * @param backPressuredMsPerSecond what follows it took no more
     */
    public record Rates(
            long recordsIn,
            long recordsOut,
            long recordsInPerSecond,
            long recordsOutPerSecond,
            int busyMsPerSecond,
            int idleMsPerSecond,
            int backPressuredMsPerSecond,
            String reportTime) {}

    /** A way of records. */
    public record Edge(
            int source,
            int target,
            String operator,
            @Nullable String sideOutput,
            String partitioning,
            int input) {}

    /** The checkpoints of a coordinator. */
    public record Checkpoints(
            CheckpointCounts counts,
            @Nullable Long restored,
            @Nullable Checkpoint lastCompleted,
            @Nullable Checkpoint lastFailed,
            List<Checkpoint> history) {}

    /** All checkpoints of this coordinator, by what became of them. */
    public record CheckpointCounts(long completed, long failed, long aborted, long inProgress) {}

    /**
     * One checkpoint.
     *
     * @param kind {@code CHECKPOINT}, or {@code SAVEPOINT} for one that a savepoint is made of
     * @param reason why it failed or was aborted
     * @param uploadedBytes what was written for it
     * @param fullBytes what a restore would read
     */
    public record Checkpoint(
            long id,
            String kind,
            @Nullable String savepoint,
            String state,
            @Nullable String reason,
            long attempt,
            String triggerTime,
            @Nullable String endTime,
            @Nullable Long durationMs,
            @Nullable Long uploadedBytes,
            @Nullable Long fullBytes) {}

    /** What failed attempts, newest first. */
    public record Exceptions(long count, List<Failure> entries) {}

    /** One failure that ended an attempt. */
    public record Failure(
            String code,
            String text,
            @Nullable String task,
            @Nullable String worker,
            long attempt,
            String time) {}

    /** The settings of a process. */
    public record Configuration(List<Setting> settings) {}

    /**
     * One setting.
     *
     * @param value that counts now; none if it is not set and has no default; secrets are shown as {@code ***}
     * @param source {@code default}, {@code file}, {@code environment}, {@code command line} or {@code live}
     * @param live whether it may be changed while the job runs
     */
    public record Setting(String name, @Nullable String value, String source, boolean live) {}

    /** The workers of a job. */
    public record Workers(int slotsOffered, int slotsNeeded, List<Worker> workers) {}

    /**
     * A worker that is connected.
     *
     * @param address where other workers connect to it
     * @param heartbeatAgeMs since it was heard of last
     * @param tasks that it runs
     */
    public record Worker(
            int number,
            String name,
            @Nullable String address,
            int slots,
            String state,
            long heartbeatAgeMs,
            List<String> tasks) {}

    /** State of all operators in the newest checkpoint. */
    public record State(@Nullable Long checkpoint, long fullBytes, List<OperatorState> operators) {}

    /** State of one operator. */
    public record OperatorState(
            String operator, String kind, int parallelism, long bytes, long largestSubtaskBytes, List<String> states) {}

    /**
     * Something that was asked for and takes its time.
     *
     * @param kind {@code SAVEPOINT}, {@code STOP}, {@code DRAIN}, {@code RESCALE}, {@code CANCEL} or {@code PROFILE}
     * @param state {@code IN_PROGRESS}, {@code COMPLETED} or {@code FAILED}
     * @param location of the savepoint below the store, once it is there
     */
    public record Operation(
            String id,
            String kind,
            String state,
            @Nullable String savepoint,
            @Nullable Integer parallelism,
            @Nullable Long checkpoint,
            @Nullable String location,
            String requestTime,
            @Nullable String endTime,
            @Nullable OperationProblem problem) {}

    /** Why an operation failed. */
    public record OperationProblem(String code, String detail) {}

    /** The operations that this coordinator knows, newest first. */
    public record Operations(List<Operation> operations) {}

    /** Asks for a savepoint; without a name one is made up. */
    public record SavepointRequest(@Nullable String name) {}

    /** Asks for a stop with a savepoint; without a name one is made up. */
    public record StopRequest(@Nullable String name) {}

    /** Asks for another parallelism of operators that set none; 1 or more. */
    public record RescaleRequest(int parallelism) {}

    /** Asks for the end of the job's input; it has no fields. */
    public record DrainRequest() {}

    /** Asks for the end of the job; it has no fields. */
    public record CancelRequest() {}

    /** What a worker is doing. */
    public record WorkerStatus(String name, String phase, long generation, long attempt, String message, int slots) {}
}
