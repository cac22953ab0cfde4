/**
 * State that survives failures. A function declares its states in its constructor, from the registry that it is given
 * ({@link dev.holdfast.api.state.States} on keyed streams, {@link dev.holdfast.api.state.OperatorStates} on others), so
 * that a plan lists all states before anything runs. State objects may be used by the task's thread only, during calls
 * of the function.
 */
@NullMarked
package dev.holdfast.api.state;

import org.jspecify.annotations.NullMarked;
