package dev.holdfast.engine.state;

import dev.holdfast.engine.env.LocalDisk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One task of a schedule's job: a slot's state, with a part for each operator. */
record ScheduleTask(SlotState slot, List<Part> parts) {
    ScheduleTask(SlotState slot) {
        this(slot, new ArrayList<>());
    }

    /** No file stays that no list refers to. No snapshot is pending. */
    void checkFiles(LocalDisk disk, String directory) {
        Set<String> expected = new HashSet<>();
        for (Part part : parts) {
            for (Bucket bucket : part.state.buckets()) {
                for (StateSegment segment : bucket.segments()) {
                    if (segment.references() != 1) {
                        throw new AssertionError("segment " + segment + " has " + segment.references() + " references");
                    }
                    if (segment.fileOrNull() != null) {
                        expected.add(segment.fileOrNull());
                    }
                }
            }
        }
        Set<String> found = new HashSet<>(disk.list(directory));
        if (!found.equals(expected)) {
            throw new AssertionError("files in " + directory + " are " + found + ", expected " + expected);
        }
    }

    /** One operator's state in one task, beside the plain model of its keys. */
    static final class Part {
        final int operator;
        final KeyedState state;
        final List<Object> handles;
        final List<StoredState> stored;
        final Map<Long, Map<String, StateShape.Plain>> model;

        Part(
                int operator,
                KeyedState state,
                List<Object> handles,
                List<StoredState> stored,
                Map<Long, Map<String, StateShape.Plain>> model) {
            this.operator = operator;
            this.state = state;
            this.handles = handles;
            this.stored = stored;
            this.model = model;
        }

        Map<Long, Map<String, StateShape.Plain>> copyModel() {
            Map<Long, Map<String, StateShape.Plain>> copy = new HashMap<>();
            model.forEach((key, states) -> copy.put(key, copy(states)));
            return copy;
        }

        static Map<String, StateShape.Plain> copy(Map<String, StateShape.Plain> states) {
            Map<String, StateShape.Plain> copy = new HashMap<>();
            states.forEach((name, plain) -> copy.put(name, plain.copy()));
            return copy;
        }
    }
}
