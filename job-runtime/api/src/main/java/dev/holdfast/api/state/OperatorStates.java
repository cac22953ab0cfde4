package dev.holdfast.api.state;

import dev.holdfast.api.type.Type;

/**
 * Where any function declares states that belong to its task rather than to a key. They are held in memory and written
 * whole with each checkpoint: keep them small.
 */
public interface OperatorStates {

    /** A list whose elements are dealt out anew over the tasks when their number changes. */
    <T> OperatorListState<T> operatorList(String name, Type<T> element);

    default <T> OperatorListState<T> operatorList(String name, Class<T> element) {
        return operatorList(name, Type.of(element));
    }

    /** A list of which, after a restore, every task gets the elements of all tasks. */
    <T> OperatorListState<T> unionList(String name, Type<T> element);

    default <T> OperatorListState<T> unionList(String name, Class<T> element) {
        return unionList(name, Type.of(element));
    }
}
