/**
 * Operators as they run inside a task. {@link dev.holdfast.engine.operator.Program} runs a user's program and holds the
 * function objects of one slot; {@link dev.holdfast.engine.operator.Chain} connects the operators of a vertex by calls;
 * each kind of operator is one small class. The task in {@code task} drives a chain, and asks its operators for their part
 * of a checkpoint.
 */
@NullMarked
package dev.holdfast.engine.operator;

import org.jspecify.annotations.NullMarked;
