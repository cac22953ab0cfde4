/**
 * Whole jobs in a simulated world: one seed decides every delay and every fault, so that what fails once fails again. {@link
 * dev.holdfast.simulation.Simulation} is the command. The world is in {@code world}, faults are data in {@code fault}, programs with a
 * known result in {@code workload}, and who says what must not be in {@code audit}.
 */
@NullMarked
package dev.holdfast.simulation;

import org.jspecify.annotations.NullMarked;
