/**
 * The simulated side of {@code env}: one seed, virtual time, one thread at a time. A {@link
 * dev.holdfast.engine.env.simulated.SimulatedWorld} holds processes; each has an {@link dev.holdfast.engine.env.Env}, and
 * can be frozen or killed at every point where it waits. A {@link dev.holdfast.engine.env.simulated.SimulatedNetwork} connects
 * them. The same seed and the same calls give the same run.
 */
@NullMarked
package dev.holdfast.engine.env.simulated;

import org.jspecify.annotations.NullMarked;
