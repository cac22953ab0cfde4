/**
 * Faults as data: a {@link dev.holdfast.simulation.fault.Schedule} is a seed, a job and a list of faults, each with its moment. It can be
 * printed, stored, read again and cut down.
 */
@NullMarked
package dev.holdfast.simulation.fault;

import org.jspecify.annotations.NullMarked;
