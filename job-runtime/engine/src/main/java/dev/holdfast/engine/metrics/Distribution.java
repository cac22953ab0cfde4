package dev.holdfast.engine.metrics;

import dev.holdfast.api.Metrics;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram with one writer and any readers. Buckets of a sixteenth of each power of two: a value's bucket ends at most 6.25 %
 * above it.
 */
public final class Distribution implements Metrics.Histogram {
    private static final int PARTS = 16;

    private final AtomicLongArray counts = new AtomicLongArray(64 * PARTS);
    private final Count total = new Count();
    private final Count sum = new Count();

    @Override
    public void record(long value) {
        long recorded = Math.max(0, value);
        int bucket = bucket(recorded);
        counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
        sum.add(recorded);
        total.add(1);
    }

    @Override
    public long count() {
        return total.value();
    }

    /** Of all values. */
    public long sum() {
        return sum.value();
    }

    /** Records all values of another one too. The caller is the writer. */
    public void add(Distribution other) {
        add(other, 1);
    }

    /** Takes away what {@link #add} of an earlier state of the same values gave. The caller is the writer. */
    public void remove(Distribution earlier) {
        add(earlier, -1);
    }

    private void add(Distribution other, int sign) {
        for (int bucket = 0; bucket < counts.length(); bucket++) {
            counts.setOpaque(bucket, counts.getPlain(bucket) + sign * other.counts.getOpaque(bucket));
        }
        sum.add(sign * other.sum());
        total.add(sign * other.count());
    }

    @Override
    public long quantile(double quantile) {
        long wanted = (long) Math.ceil(count() * quantile);
        long seen = 0;
        for (int bucket = 0; bucket < counts.length(); bucket++) {
            seen += counts.getOpaque(bucket);
            if (seen >= wanted && seen > 0) {
                return upperEnd(bucket);
            }
        }
        return 0;
    }

    private static int bucket(long value) {
        if (value < PARTS) {
            return (int) value;
        }
        int power = 63 - Long.numberOfLeadingZeros(value);
        return (power - 3) * PARTS + (int) (value >>> (power - 4)) - PARTS;
    }

    private static long upperEnd(int bucket) {
        if (bucket < PARTS) {
            return bucket;
        }
        int power = bucket / PARTS + 3;
        return ((long) (bucket % PARTS + PARTS + 1) << (power - 4)) - 1;
    }
}
