/**
 * Programs with a known result: {@link dev.holdfast.simulation.workload.Workload} says what the output of a run without failures is.
 */
@NullMarked
package dev.holdfast.simulation.workload;

import org.jspecify.annotations.NullMarked;
