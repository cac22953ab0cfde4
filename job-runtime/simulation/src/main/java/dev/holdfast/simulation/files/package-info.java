/**
 * A shared POSIX file system in memory, for connectors that write files. {@link dev.holdfast.simulation.files.SharedFiles} is the
 * disk; each process reaches it by a {@link dev.holdfast.simulation.files.FilesView} of its own, where each operation is a point at
 * which the process can be killed.
 */
@NullMarked
package dev.holdfast.simulation.files;

import org.jspecify.annotations.NullMarked;
