/**
 * The coordinator of one job. {@link dev.holdfast.engine.coordinator.Coordinator} is a loop that owns the job's state machine:
 * messages and the results of blocking calls go in, messages and new blocking calls come out. Small classes beside it decide
 * ({@link dev.holdfast.engine.coordinator.RestartStrategy}, {@link dev.holdfast.engine.coordinator.CheckpointRounds}), build
 * values ({@link dev.holdfast.engine.coordinator.ManifestBuilder}) or do the blocking work on the job's log ({@link
 * dev.holdfast.engine.coordinator.JobStore}). The log in the bucket is all that outlives a coordinator.
 */
@NullMarked
package dev.holdfast.engine.coordinator;

import org.jspecify.annotations.NullMarked;
