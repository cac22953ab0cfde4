package dev.holdfast.launcher.metrics;

import dev.holdfast.engine.task.MetricsRegistry;
import dev.holdfast.engine.task.TaskMetrics;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;

/**
 * The metrics that operators make themselves, by their names behind {@link #PREFIX}. Of two that would be one on the page, the
 * first is shown.
 */
final class OperatorMetrics {
    static final String PREFIX = "holdfast_operator_";

    /** More names are made of data; the page would grow with them. */
    static final int MAX_NAMES = 500;

    private static final String HELP = "Made by an operator of the job.";

    private final Families families;
    private final Labels process;
    private final Set<String> names = new TreeSet<>();

    OperatorMetrics(Families families, Labels process) {
        this.families = families;
        this.process = process;
    }

    void read(MetricsRegistry registry) {
        registry.forEach(this::read);
    }

    private void read(MetricsRegistry.Place place, TaskMetrics metrics) {
        Labels labels =
                process.merge(Labels.of("operator", place.operator(), "subtask", Integer.toString(place.subtask())));
        metrics.forEachCounter((name, count) -> {
            if (mayShow(name)) {
                families.counter(nameOf(name), HELP, (double) count.value(), labels);
            }
        });
        metrics.forEachGauge((name, gauge) -> {
            if (mayShow(name)) {
                families.gauge(nameOf(name), HELP, value(gauge), labels);
            }
        });
        metrics.forEachHistogram((name, histogram) -> {
            if (mayShow(name)) {
                families.summary(nameOf(name), HELP, histogram, 1, labels);
            }
        });
    }

    private boolean mayShow(String name) {
        return names.contains(name) || (names.size() < MAX_NAMES && names.add(name));
    }

    /** Endings that the format keeps for itself go, and so do characters that it does not allow. */
    private static String nameOf(String name) {
        String clean = PrometheusNaming.prometheusName(PrometheusNaming.sanitizeMetricName(PREFIX + name));
        String allowed = clean.replaceAll("[^a-zA-Z0-9_]", "_");
        return allowed.endsWith("_count") || allowed.endsWith("_sum") ? allowed + "_value" : allowed;
    }

    /** A gauge is code of the job: what it throws must not take the page away. */
    private static double value(DoubleSupplier gauge) {
        try {
            return gauge.getAsDouble();
        } catch (RuntimeException e) {
            return Double.NaN;
        }
    }
}
