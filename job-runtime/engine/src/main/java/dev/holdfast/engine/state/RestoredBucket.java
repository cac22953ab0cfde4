package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.KeyedSegments;
import java.util.List;

/**
 * What a checkpoint holds of one bucket: a list for each task that had a part of it. Their {@code valid} ranges do not
 * overlap; those outside the new task's range are passed over.
 */
public record RestoredBucket(int bucket, List<KeyedSegments> lists) {
    public RestoredBucket {
        lists = List.copyOf(lists);
    }
}
