/**
 * How records get from task to task. An {@link dev.holdfast.engine.exchange.EdgeOutput} collects what a task emits into
 * {@link dev.holdfast.engine.exchange.Batch}es and hands them to channels; an {@link
 * dev.holdfast.engine.exchange.InputGate} takes them out on the other side and aligns barriers. Between slots of one
 * process a channel is a {@link dev.holdfast.engine.exchange.Ring}: batches go by reference.
 */
@NullMarked
package dev.holdfast.engine.exchange;

import org.jspecify.annotations.NullMarked;
