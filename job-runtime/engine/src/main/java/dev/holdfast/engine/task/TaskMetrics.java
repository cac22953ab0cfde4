package dev.holdfast.engine.task;

import dev.holdfast.api.Metrics;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.DoubleSupplier;

/** The metrics of one operator in one task. Written by one thread, read by any. */
public final class TaskMetrics implements Metrics {
    private final Map<String, Count> counters = new ConcurrentHashMap<>();
    private final Map<String, DoubleSupplier> gauges = new ConcurrentHashMap<>();
    private final Map<String, Distribution> histograms = new ConcurrentHashMap<>();

    @Override
    public Counter counter(String name) {
        return counters.computeIfAbsent(name, n -> new Count());
    }

    @Override
    public void gauge(String name, DoubleSupplier value) {
        gauges.put(name, value);
    }

    @Override
    public Histogram histogram(String name) {
        return histograms.computeIfAbsent(name, n -> new Distribution());
    }

    /** All present values by name; a histogram gives its count, median, 99th percentile and maximum. Callable from any thread. */
    public Map<String, Double> read() {
        Map<String, Double> values = new TreeMap<>();
        counters.forEach((name, counter) -> values.put(name, (double) counter.value()));
        gauges.forEach((name, gauge) -> values.put(name, gauge.getAsDouble()));
        histograms.forEach((name, histogram) -> {
            values.put(name + "_count", (double) histogram.count());
            values.put(name + "_p50", (double) histogram.quantile(0.5));
            values.put(name + "_p99", (double) histogram.quantile(0.99));
            values.put(name + "_max", (double) histogram.quantile(1));
        });
        return values;
    }

    private static final class Count implements Counter {
        private final AtomicLong value = new AtomicLong();

        @Override
        public void add(long amount) {
            value.setOpaque(value.getPlain() + amount);
        }

        @Override
        public long value() {
            return value.getOpaque();
        }
    }

    /** Buckets of a sixteenth of each power of two: a value's bucket ends at most 6.25 % above it. */
    private static final class Distribution implements Histogram {
        private static final int PARTS = 16;
        private final AtomicLongArray counts = new AtomicLongArray(64 * PARTS);
        private final AtomicLong total = new AtomicLong();

        @Override
        public void record(long value) {
            int bucket = bucket(Math.max(0, value));
            counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
            total.setOpaque(total.getPlain() + 1);
        }

        @Override
        public long count() {
            return total.getOpaque();
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
}
