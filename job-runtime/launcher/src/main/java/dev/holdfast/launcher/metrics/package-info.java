/**
 * Metrics for a monitoring system. {@link dev.holdfast.launcher.metrics.MetricsPage} makes the page that Prometheus reads: the JVM's
 * numbers by Micrometer, and beside them what {@link dev.holdfast.launcher.metrics.MetricList} names, read from the engine at each
 * call. Nothing is registered for each task, so nothing is left of a task that has ended. {@code docs/reference/metrics.md} is made
 * from the list.
 */
@NullMarked
package dev.holdfast.launcher.metrics;

import org.jspecify.annotations.NullMarked;
