package dev.holdfast.engine.task;

import dev.holdfast.api.Metrics;
import dev.holdfast.engine.metrics.Count;
import dev.holdfast.engine.metrics.Distribution;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;

/**
 * The metrics that one operator made in one task. Written by one thread, read by any. No more than {@link #MAX_NAMES}: further ones
 * count for whoever holds them, and nobody sees them.
 */
public final class TaskMetrics implements Metrics {
    private static final System.Logger LOG = System.getLogger(TaskMetrics.class.getName());

    /** More come from names made of data, which would take the memory of this process and of the monitoring system. */
    static final int MAX_NAMES = 100;

    private final Map<String, Count> counters = new ConcurrentHashMap<>();
    private final Map<String, DoubleSupplier> gauges = new ConcurrentHashMap<>();
    private final Map<String, Distribution> histograms = new ConcurrentHashMap<>();
    private boolean toldFull;

    @Override
    public Counter counter(String name) {
        Count known = counters.get(name);
        if (known != null) {
            return known;
        }
        Count made = new Count();
        if (hasRoomFor(name)) {
            counters.put(name, made);
        }
        return made;
    }

    @Override
    public void gauge(String name, DoubleSupplier value) {
        if (gauges.containsKey(name) || hasRoomFor(name)) {
            gauges.put(name, value);
        }
    }

    @Override
    public Histogram histogram(String name) {
        Distribution known = histograms.get(name);
        if (known != null) {
            return known;
        }
        Distribution made = new Distribution();
        if (hasRoomFor(name)) {
            histograms.put(name, made);
        }
        return made;
    }

    private boolean hasRoomFor(String name) {
        if (counters.size() + gauges.size() + histograms.size() < MAX_NAMES) {
            return true;
        }
        if (!toldFull) {
            toldFull = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "an operator has " + MAX_NAMES
                            + " metrics; ''{0}'' and further ones are not shown. Do not make names of" + " data",
                    name);
        }
        return false;
    }

    public void forEachCounter(BiConsumer<String, Count> action) {
        counters.forEach(action);
    }

    /** The suppliers are code of the job: they may throw. */
    public void forEachGauge(BiConsumer<String, DoubleSupplier> action) {
        gauges.forEach(action);
    }

    public void forEachHistogram(BiConsumer<String, Distribution> action) {
        histograms.forEach(action);
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
}
