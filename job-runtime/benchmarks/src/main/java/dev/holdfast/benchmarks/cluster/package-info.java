/** Jobs of real processes that benchmarks measure: {@link dev.holdfast.benchmarks.cluster.ProcessCluster}. */
@NullMarked
package dev.holdfast.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
