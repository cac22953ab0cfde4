/** How long a process takes to start: {@link dev.holdfast.benchmarks.start.StartBenchmark}. */
@NullMarked
package dev.holdfast.benchmarks.start;

import org.jspecify.annotations.NullMarked;
