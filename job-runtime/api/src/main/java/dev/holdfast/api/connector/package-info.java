/**
 * Contracts for sources and sinks. A {@link dev.holdfast.api.connector.Source} consists of splits, which an enumerator
 * deals out and readers read. A {@link dev.holdfast.api.connector.Sink} is one of three: {@link
 * dev.holdfast.api.connector.TransactionalSink} (exactly once by two phases; {@link
 * dev.holdfast.api.connector.TwoPhaseCommitSink} is the shorter way to write one), {@link
 * dev.holdfast.api.connector.IdempotentSink} (exactly once in effect by upserts) and {@link
 * dev.holdfast.api.connector.AtLeastOnceSink}.
 *
 * <p>Whatever they throw fails the attempt, and the restart strategy decides. Where a restart cannot help they throw an
 * {@link dev.holdfast.api.UnrecoverableException}.
 */
@NullMarked
package dev.holdfast.api.connector;

import org.jspecify.annotations.NullMarked;
