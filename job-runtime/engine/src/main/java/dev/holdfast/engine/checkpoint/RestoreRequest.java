package dev.holdfast.engine.checkpoint;

/** What a user wants a job to start from. */
public sealed interface RestoreRequest {

    /** Where it stopped; with nothing if it never completed a checkpoint. */
    record Latest() implements RestoreRequest {}

    /** A retained checkpoint by its number. */
    record Checkpoint(long checkpointId) implements RestoreRequest {}

    /** A savepoint, by its name in this job, or by the store's key of its directory ({@code ns/job/id/savepoints/x}). */
    record Savepoint(String location) implements RestoreRequest {}

    /** Without state, whatever is there. */
    record Nothing() implements RestoreRequest {}
}
