package dev.holdfast.engine.graph;

import dev.holdfast.engine.type.KeyHash;

/**
 * The frozen rule by which a key finds its place: hash of the encoded key, key group, task, bucket. It is part of the
 * storage format: test vectors hold it down, and it never changes.
 *
 * <p>The hash is MurmurHash3 x86 32-bit with seed 0 (Austin Appleby, public domain). Key group = unsigned hash modulo the
 * maximum parallelism. Task i of p owns the key groups g with g * p / max == i, a contiguous range. A bucket is a fixed
 * range of key groups that files of state never straddle, whatever the parallelism.
 */
public final class KeyGroups {
    /** Largest maximum parallelism: key groups are written as two bytes. */
    public static final int MAX_KEY_GROUPS = 32768;

    /** Most buckets of one operator: enough to spread a restore, few enough for files of useful size. */
    public static final int MAX_BUCKETS = 16;

    private KeyGroups() {}

    /** {@link KeyHash} of an encoded key. */
    public static int hash(byte[] bytes, int offset, int length) {
        return KeyHash.of(bytes, offset, length);
    }

    public static int keyGroup(int hash, int maxParallelism) {
        return Integer.remainderUnsigned(hash, maxParallelism);
    }

    /** The task that owns a key group. */
    public static int task(int keyGroup, int parallelism, int maxParallelism) {
        return keyGroup * parallelism / maxParallelism;
    }

    /** The key groups of a task: all g for which {@link #task} gives {@code index}. */
    public static KeyGroupRange range(int index, int parallelism, int maxParallelism) {
        if (parallelism < 1 || parallelism > maxParallelism || index < 0 || index >= parallelism) {
            throw new IllegalArgumentException("no range of key groups for task " + index + " of " + parallelism
                    + " with a maximum parallelism of " + maxParallelism);
        }
        int from = (index * maxParallelism + parallelism - 1) / parallelism;
        int to = ((index + 1) * maxParallelism + parallelism - 1) / parallelism - 1;
        return new KeyGroupRange(from, to);
    }

    /** Number of buckets: {@link #MAX_BUCKETS}, or the maximum parallelism if that is smaller. */
    public static int buckets(int maxParallelism) {
        return Math.min(MAX_BUCKETS, maxParallelism);
    }

    /** The bucket of a key group. */
    public static int bucket(int keyGroup, int maxParallelism) {
        return keyGroup * buckets(maxParallelism) / maxParallelism;
    }

    /** The key groups of a bucket. */
    public static KeyGroupRange bucketRange(int bucket, int maxParallelism) {
        return range(bucket, buckets(maxParallelism), maxParallelism);
    }
}
