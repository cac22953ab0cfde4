package dev.holdfast.engine.checkpoint;

/** What a generation began from. */
public sealed interface RestoredFrom {

    /** No state: what the log holds before is history that nothing goes back to. */
    record Nothing() implements RestoredFrom {}

    /** A checkpoint of this job, known by its log slot. */
    record Checkpoint(long checkpointId, long slot) implements RestoredFrom {}

    /**
     * A savepoint, of this job or another.
     *
     * @param location the store's key of the savepoint's directory; ends with a slash
     */
    record Savepoint(String location) implements RestoredFrom {
        public Savepoint {
            if (!location.endsWith("/")) {
                throw new IllegalArgumentException("the location of a savepoint ends with '/': " + location);
            }
        }
    }
}
