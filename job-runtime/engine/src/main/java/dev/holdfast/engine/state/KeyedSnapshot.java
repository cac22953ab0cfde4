package dev.holdfast.engine.state;

import java.util.List;

/**
 * A keyed operator's state of one task at a barrier. The segments' bytes stay until {@link KeyedState#confirm} or {@link
 * KeyedState#abort} of the checkpoint.
 *
 * @param buckets all that the task has a part of, ascending, also those that hold nothing
 * @param flushedEntries entries that changed since the flush before
 * @param flushNs how long the flush took
 */
public record KeyedSnapshot(long checkpointId, List<BucketSnapshot> buckets, long flushedEntries, long flushNs) {
    public KeyedSnapshot {
        buckets = List.copyOf(buckets);
    }
}
