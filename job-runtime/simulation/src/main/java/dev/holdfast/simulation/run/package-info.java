/**
 * Lives: {@link dev.holdfast.simulation.run.Life} lives one schedule, others live many, tell one, and cut failing ones down.
 */
@NullMarked
package dev.holdfast.simulation.run;

import org.jspecify.annotations.NullMarked;
