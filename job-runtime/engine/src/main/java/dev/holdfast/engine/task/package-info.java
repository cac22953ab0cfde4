/**
 * Tasks and the slots that run them. A {@link dev.holdfast.engine.task.Task} reads its inputs, drives its chain, and takes its
 * part of a checkpoint at a barrier; a {@link dev.holdfast.engine.task.Slot} is the loop that gives its tasks their turns;
 * {@link dev.holdfast.engine.task.SlotDeployment} makes and restores them. Everything that may block goes through {@code
 * env}, and comes back through the slot's mailbox.
 */
@NullMarked
package dev.holdfast.engine.task;

import org.jspecify.annotations.NullMarked;
