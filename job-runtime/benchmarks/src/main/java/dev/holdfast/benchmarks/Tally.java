package dev.holdfast.benchmarks;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Proves that a run counted right. Every output of a key k is one of its counts 1, 2, ... n, each exactly once, so the sum of
 * weight(k) * count over all outputs must be the sum of weight(k) * n (n + 1) / 2 over all keys, modulo 2^64. The n come from
 * a plain array, filled from the same indices. Callable from any thread.
 */
final class Tally {
    private static final int MAX_LANES = 64;

    private final long[] laneRecords = new long[MAX_LANES];
    private int lanes;
    private volatile boolean stopping;
    private final AtomicLong outputs = new AtomicLong();
    private final AtomicLong checksum = new AtomicLong();

    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /** What a lane of a source has made in all. */
    synchronized void emitted(int lane, int ofLanes, long records) {
        laneRecords[lane] = records;
        lanes = ofLanes;
    }

    /** What one sink has seen. */
    void consumed(long count, long sum) {
        outputs.addAndGet(count);
        checksum.addAndGet(sum);
    }

    static long weight(long key) {
        return key * 0x9E3779B97F4A7C15L | 1;
    }

    synchronized long records() {
        long sum = 0;
        for (long records : laneRecords) {
            sum += records;
        }
        return sum;
    }

    /** Throws if an output is missing, was made twice or is wrong. */
    synchronized void verify(Events events, long firstKey, int keys) {
        long records = records();
        if (records == 0 || records != outputs.get()) {
            throw new IllegalStateException(
                    "the sinks got " + outputs.get() + " counts for " + records + " records: the result is wrong");
        }
        long[] counts = new long[keys];
        for (int lane = 0; lane < lanes; lane++) {
            for (long i = 0; i < laneRecords[lane]; i++) {
                counts[(int) (events.key(lane + i * lanes) - firstKey)]++;
            }
        }
        long expected = 0;
        for (int i = 0; i < keys; i++) {
            expected += weight(firstKey + i) * (counts[i] * (counts[i] + 1) / 2);
        }
        if (expected != checksum.get()) {
            throw new IllegalStateException("the counts of " + records + " records have the checksum " + checksum.get()
                    + ", expected " + expected + ": the result is wrong");
        }
    }
}
