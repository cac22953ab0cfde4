/**
 * The coordinator of a job: a state machine that takes over the log, triggers checkpoints, decides when one is complete, and
 * restarts the job when it fails. {@link dev.holdfast.engine.coordinator.RestartStrategy} says whether and when.
 */
@NullMarked
package dev.holdfast.engine.coordinator;

import org.jspecify.annotations.NullMarked;
