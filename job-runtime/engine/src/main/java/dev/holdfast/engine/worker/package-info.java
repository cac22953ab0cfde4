/**
 * One worker: the slots of one process. {@link dev.holdfast.engine.worker.Worker} is a loop that takes the coordinator's
 * messages, passes them to its slots, and gathers what their tasks have for a checkpoint into one pack ({@link
 * dev.holdfast.engine.worker.PackUpload}).
 */
@NullMarked
package dev.holdfast.engine.worker;

import org.jspecify.annotations.NullMarked;
