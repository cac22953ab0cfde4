package dev.holdfast.engine.state;

import dev.holdfast.engine.graph.KeyGroupRange;
import java.util.ArrayList;
import java.util.List;

/** A task's part of one bucket of key groups: the segments that make up its state, oldest first. For the slot's thread. */
final class Bucket {
    private final int index;
    private final KeyGroupRange keyGroups;
    private final List<StateSegment> segments = new ArrayList<>();
    private boolean inStore;

    Bucket(int index, KeyGroupRange keyGroups) {
        this.index = index;
        this.keyGroups = keyGroups;
    }

    int index() {
        return index;
    }

    /** Those of the bucket that the task owns. */
    KeyGroupRange keyGroups() {
        return keyGroups;
    }

    List<StateSegment> segments() {
        return segments;
    }

    void append(StateSegment segment) {
        segment.retain();
        segments.add(segment);
    }

    /** Whether the store may hold entries of the bucket: also true after a flush that failed half-way. */
    boolean mayBeInStore() {
        return inStore;
    }

    void markInStore() {
        inStore = true;
    }

    long sizeBytes() {
        long sum = 0;
        for (StateSegment segment : segments) {
            sum += segment.sizeBytes();
        }
        return sum;
    }
}
