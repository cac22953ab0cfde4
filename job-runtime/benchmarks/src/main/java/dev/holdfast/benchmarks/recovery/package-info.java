/**
 * How long a job stands still when one of its workers dies or hangs. {@link dev.holdfast.benchmarks.recovery.RecoveryBenchmark} starts
 * a coordinator and workers as processes ({@link dev.holdfast.benchmarks.cluster.ProcessCluster}) that run {@link
 * dev.holdfast.benchmarks.recovery.RecoveryProgram}, ends workers one after the other, and takes the times from what the processes say
 * ({@code RecoveryTimes}).
 */
package dev.holdfast.benchmarks.recovery;
