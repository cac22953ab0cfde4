package dev.holdfast.benchmarks.exchange;

import dev.holdfast.api.type.Type;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.TypeSerializers;

/** Keys that belong to a certain task, so that each record takes the way that is measured. */
final class OtherTask {
    /** The job's, given to its processes. */
    static final int MAX_PARALLELISM = 128;

    static final int PARALLELISM = 2;

    private OtherTask() {}

    /** Keys of the task that is not this one. */
    static long[] keys(int index, int count) {
        return keysOf(PARALLELISM - 1 - index, count);
    }

    /** Keys of a task. */
    static long[] keysOf(int index, int count) {
        KeyCodec<Long> codec = new KeyCodec<>(TypeSerializers.ofKey(Type.of(Long.class)));
        long[] keys = new long[count];
        long next = 0;
        for (int found = 0; found < count; next++) {
            int keyGroup = KeyGroups.keyGroup(codec.hash(next), MAX_PARALLELISM);
            if (KeyGroups.task(keyGroup, PARALLELISM, MAX_PARALLELISM) == index) {
                keys[found++] = next;
            }
        }
        return keys;
    }
}
