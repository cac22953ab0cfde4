/**
 * The demo: word count as a process of its own that is killed twice. {@link dev.holdfast.examples.demo.Demo} is the entry
 * and says what happens in which order; it starts an S3 server and the job as child processes ({@link
 * dev.holdfast.examples.demo.ServerProcess}, {@link dev.holdfast.examples.demo.JobProcess}) and reads what the job says.
 *
 * <p>At the end {@link dev.holdfast.examples.demo.SequentialCounter} counts the text again and {@link
 * dev.holdfast.examples.demo.UpdateCheck} compares. Neither uses code of the engine, of the connectors or of the job.
 */
@NullMarked
package dev.holdfast.examples.demo;

import org.jspecify.annotations.NullMarked;
