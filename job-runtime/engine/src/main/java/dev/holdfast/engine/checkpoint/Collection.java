package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;
import java.util.Set;

/** Signatures; filled in next. */
public final class Collection {
    public Collection(Env env, JobRoot root) {}

    /**
     * What may not be deleted.
     *
     * @param retained newest completed checkpoints to keep, at least 1
     * @param needed completed checkpoints whose objects pending checkpoints and savepoints may refer to
     * @param oldestPending the lowest number of a checkpoint that is pending, or the next one to be triggered
     */
    public record Keep(int retained, Set<Long> needed, long oldestPending) {}

    /** What was done. */
    public record Outcome(long boundary, long deletedObjects) {}

    /** Moves the boundary and deletes what only collected checkpoints reached. */
    public Outcome collect(LogWriter writer, Keep keep) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** Deletes left-overs that no checkpoint ever reached, found by listing. */
    public Outcome sweep(LogWriter writer, Keep keep) throws InterruptedException {
        throw new UnsupportedOperationException();
    }
}
