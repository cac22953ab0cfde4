package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.graph.KeyGroupRange;
import java.util.List;

/**
 * The keyed state of one operator in (a part of) one bucket.
 *
 * @param bucket see {@link dev.holdfast.engine.graph.KeyGroups#bucket}
 * @param valid the key groups for which this list speaks: those that the writing task owned. A segment may hold others
 *     from before a change of parallelism; they are to be ignored.
 * @param segments oldest first: of two entries with one key the later segment's counts
 */
public record KeyedSegments(int bucket, KeyGroupRange valid, List<Segment> segments) {
    public KeyedSegments {
        segments = List.copyOf(segments);
    }
}
