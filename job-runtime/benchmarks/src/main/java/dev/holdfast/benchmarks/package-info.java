/**
 * Measurements of the engine. {@link dev.holdfast.benchmarks.CountBenchmark} runs a keyed count as a whole job beside a bare
 * loop that does the same; the packages below measure jobs of several processes; the classes whose names end in {@code Jmh} measure single
 * operations. {@code hack/bench} and {@code hack/bench-recovery} run them.
 */
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
