package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.BlockingCalls;
import java.util.Map;

/** Skeleton: the signatures that the task loop calls. */
public final class KeyedState {
    KeyedState() {}

    /** Chooses the key that the states speak of. */
    public void setKey(Object key, int keyHash) {
        throw new UnsupportedOperationException();
    }

    /** Leaves the key: state objects may not be used until the next {@link #setKey}. */
    public void clearKey() {
        throw new UnsupportedOperationException();
    }

    /** Reads what a batch's keys will need and memory does not hold. May block for local reads. */
    public void prefetch(Object[] keys, int[] hashes, int from, int to) {
        throw new UnsupportedOperationException();
    }

    /** False while an earlier flush runs: the task must wait with the barrier. */
    public boolean canFreeze() {
        throw new UnsupportedOperationException();
    }

    /** Freezes the state at a barrier, in constant time; {@code done} runs in the loop's mailbox when the flush has ended. */
    public void freeze(long checkpointId, BlockingCalls.Done<KeyedSnapshot> done) {
        throw new UnsupportedOperationException();
    }

    /** A checkpoint is complete; {@code uploaded} says where its new segments lie. */
    public void confirm(long checkpointId, Map<StateSegment, Segment> uploaded) {
        throw new UnsupportedOperationException();
    }

    /** A checkpoint will never be complete. */
    public void abort(long checkpointId) {
        throw new UnsupportedOperationException();
    }

    /** Between batches: evicts, starts spills and folds. Bounded work. */
    public void maintain(long nowNs) {
        throw new UnsupportedOperationException();
    }

    /** Whether the task must not process records before a flush has ended. */
    public boolean mustWait() {
        throw new UnsupportedOperationException();
    }

    public StateStatistics statistics() {
        throw new UnsupportedOperationException();
    }
}
