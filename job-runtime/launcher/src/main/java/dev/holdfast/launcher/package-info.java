/**
 * The processes of Holdfast. {@link dev.holdfast.launcher.Main} reads the command line; each command is a {@link
 * dev.holdfast.launcher.Role} of a process.
 *
 * <p>Settings come from the command line, the environment and a file into one map ({@link
 * dev.holdfast.launcher.Configuration}); all that exist are listed in {@link dev.holdfast.launcher.Settings}, which the docs
 * are made from. {@link dev.holdfast.launcher.JobConfiguration} and the other configurations give them their types; {@link
 * dev.holdfast.launcher.LocalProcess}, {@link dev.holdfast.launcher.CoordinatorLauncher} and {@link
 * dev.holdfast.launcher.WorkerLauncher} wire and run; {@link dev.holdfast.launcher.JobWatch} and {@link
 * dev.holdfast.launcher.WorkerWatch} say how it goes. {@link dev.holdfast.launcher.MemoryBudget} adds up where memory goes.
 */
@NullMarked
package dev.holdfast.launcher;

import org.jspecify.annotations.NullMarked;
