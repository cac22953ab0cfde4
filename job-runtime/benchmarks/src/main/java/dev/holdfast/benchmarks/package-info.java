/**
 * Measurements of the engine. {@link dev.holdfast.benchmarks.CountBenchmark} runs a keyed count as a whole job beside a bare
 * loop that does the same; {@link dev.holdfast.benchmarks.ExchangeBenchmark} sends data between two processes; the classes whose names end in {@code Jmh} measure single operations. {@code hack/bench} runs
 * them.
 */
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
