package dev.holdfast.launcher.metrics;

import dev.holdfast.engine.metrics.Distribution;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Collects points into families of metrics, in the model of the Prometheus client. For one thread and one page. */
final class Families {
    private static final String TOTAL = "_total";

    private final Map<String, Family> families = new LinkedHashMap<>();

    /** All points of one name. */
    private static final class Family {
        private final String type;
        private final String help;
        private final Set<Labels> taken = new HashSet<>();
        private final List<CounterDataPointSnapshot> counters = new ArrayList<>();
        private final List<GaugeDataPointSnapshot> gauges = new ArrayList<>();
        private final List<SummaryDataPointSnapshot> summaries = new ArrayList<>();

        Family(String type, String help) {
            this.type = type;
            this.help = help;
        }

        boolean takes(String kind, Labels labels) {
            return type.equals(kind) && taken.add(labels);
        }

        MetricSnapshot snapshot(String name) {
            MetricMetadata metadata = new MetricMetadata(name, help);
            return switch (type) {
                case "counter" -> new CounterSnapshot(metadata, counters);
                case "gauge" -> new GaugeSnapshot(metadata, gauges);
                default -> new SummarySnapshot(metadata, summaries);
            };
        }
    }

    /** Reads metrics of each source that has them. */
    <T> void read(List<Metric<T>> metrics, List<T> sources, Function<T, Labels> labels) {
        for (Metric<T> metric : metrics) {
            for (T source : sources) {
                if (metric.where().test(source)) {
                    Labels of = labels.apply(source);
                    switch (metric.reading()) {
                        case Metric.Reading.Counter<T> r ->
                            counter(metric.name(), metric.meaning(), r.value().applyAsDouble(source), of);
                        case Metric.Reading.Gauge<T> r ->
                            gauge(metric.name(), metric.meaning(), r.value().applyAsDouble(source), of);
                        case Metric.Reading.Summary<T> r ->
                            summary(metric.name(), metric.meaning(), r.value().apply(source), r.perUnit(), of);
                    }
                }
            }
        }
    }

    /** Adds a point; false if the name is taken by another type, or has a point with these labels. */
    boolean counter(String name, String help, double value, Labels labels) {
        // The client adds the ending itself.
        String base = name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name;
        Family family = family(base, "counter", help);
        return family.takes("counter", labels)
                && family.counters.add(new CounterDataPointSnapshot(value, labels, null, 0));
    }

    /** Adds a point; false if the name is taken by another type, or has a point with these labels. */
    boolean gauge(String name, String help, double value, Labels labels) {
        Family family = family(name, "gauge", help);
        return family.takes("gauge", labels) && family.gauges.add(new GaugeDataPointSnapshot(value, labels, null));
    }

    /** Adds a point; false if the name is taken by another type, or has a point with these labels. */
    boolean summary(String name, String help, Distribution of, double perUnit, Labels labels) {
        Family family = family(name, "summary", help);
        return family.takes("summary", labels)
                && family.summaries.add(new SummaryDataPointSnapshot(
                        of.count(), of.sum() / perUnit, quantiles(of, perUnit), labels, Exemplars.EMPTY, 0));
    }

    private static Quantiles quantiles(Distribution of, double perUnit) {
        List<Quantile> quantiles = new ArrayList<>();
        for (double quantile : List.of(0.5, 0.99, 1.0)) {
            double value = of.count() == 0 ? Double.NaN : of.quantile(quantile) / perUnit;
            quantiles.add(new Quantile(quantile, value));
        }
        return Quantiles.of(quantiles);
    }

    private Family family(String name, String type, String help) {
        return families.computeIfAbsent(name, n -> new Family(type, help));
    }

    List<MetricSnapshot> snapshots() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        families.forEach((name, family) -> snapshots.add(family.snapshot(name)));
        return snapshots;
    }
}
