/**
 * The processes of Holdfast. {@link dev.holdfast.launcher.Main} reads the command line; {@link
 * dev.holdfast.launcher.LocalCommand} is the command {@code local}, a whole job in one process.
 *
 * <p>Settings come from the command line, the environment and a file into one map ({@link
 * dev.holdfast.launcher.Configuration}); all that exist are listed in {@link dev.holdfast.launcher.Settings}, which the docs
 * are checked against. {@link dev.holdfast.launcher.LocalConfiguration} gives them their types, {@link
 * dev.holdfast.launcher.LocalProcess} wires and runs the job, {@link dev.holdfast.launcher.Progress} says how it is doing.
 */
@NullMarked
package dev.holdfast.launcher;

import org.jspecify.annotations.NullMarked;
