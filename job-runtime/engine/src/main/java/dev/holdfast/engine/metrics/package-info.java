/**
 * What tasks count, and what is told from it. {@link dev.holdfast.engine.metrics.TaskCounters} holds the numbers of one task: the
 * task and its slot write them, once a batch or once a turn; exporters and reports read them from other threads. {@link
 * dev.holdfast.engine.metrics.Limits} says from the growth of these numbers what limits a job. Names follow Flink and Prometheus;
 * the launcher makes the page for a monitoring system.
 */
@NullMarked
package dev.holdfast.engine.metrics;

import org.jspecify.annotations.NullMarked;
