package dev.holdfast.engine.state;

import dev.holdfast.engine.graph.KeyGroupRange;
import java.util.List;

/**
 * A task's part of one bucket at a barrier.
 *
 * @param keyGroups for which the list speaks
 * @param segments oldest first; those without {@link StateSegment#confirmed} are to be uploaded
 */
public record BucketSnapshot(int bucket, KeyGroupRange keyGroups, List<StateSegment> segments) {
    public BucketSnapshot {
        segments = List.copyOf(segments);
    }
}
