/**
 * The demo: word count on a coordinator and three workers, which are killed and frozen. {@link dev.holdfast.examples.demo.Demo} is
 * the entry and says what happens in which order; {@link dev.holdfast.examples.demo.Cluster} starts the processes, {@link
 * dev.holdfast.examples.demo.Faults} does to them what a {@link dev.holdfast.examples.demo.FaultPlan} says, {@link
 * dev.holdfast.examples.demo.Run} goes from the start to the end.
 *
 * <p>At the end {@link dev.holdfast.examples.demo.SequentialCounter} counts the text again and {@link
 * dev.holdfast.examples.demo.UpdateCheck} compares. Neither uses code of the engine, of the connectors or of the job.
 */
@NullMarked
package dev.holdfast.examples.demo;

import org.jspecify.annotations.NullMarked;
