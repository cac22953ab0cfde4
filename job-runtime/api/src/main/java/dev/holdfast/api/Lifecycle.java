package dev.holdfast.api;

/**
 * What the engine tells a function besides its records. All calls come from the task's thread, never during a record.
 * A method that throws fails the task.
 */
public interface Lifecycle {

    /** Called once, after state was restored and before the first record. */
    default void open(OperatorContext context) throws Exception {}

    /**
     * Called at the barrier of a checkpoint, before state is captured: what is written to state here is part of it.
     * Must be short: the task waits.
     */
    default void beforeCheckpoint(long checkpointId) throws Exception {}

    /** A hint that a checkpoint is complete. May be missing for some; then a later one says it for all before it. */
    default void checkpointCompleted(long checkpointId) throws Exception {}

    /** A hint that a checkpoint was given up; its content is part of the next one. */
    default void checkpointAborted(long checkpointId) throws Exception {}

    /** Called once at the end of input (after the last record, before the final checkpoint); not after a failure. */
    default void finish() throws Exception {}

    /** Called once at the very end, also after a failure and when {@link #open} threw. */
    default void close() throws Exception {}
}
