/**
 * The production side of {@code env}: the machine's clock, threads, files. The only place in the engine that touches them.
 * {@link dev.holdfast.engine.env.host.HostEnv} puts it together for a launcher. {@link
 * dev.holdfast.engine.env.host.ThreadLoops} gives each loop a platform thread, {@link
 * dev.holdfast.engine.env.host.VirtualThreadCalls} each blocking call a virtual one, or one of its own where it computes for long; results come back as mail of the loop
 * that started the call. {@link dev.holdfast.engine.env.host.DirectoryDisk} holds what may be lost.
 */
@NullMarked
package dev.holdfast.engine.env.host;

import org.jspecify.annotations.NullMarked;
