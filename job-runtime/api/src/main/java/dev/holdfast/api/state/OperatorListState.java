package dev.holdfast.api.state;

import java.util.List;

/** A list that belongs to a task. */
public interface OperatorListState<T> {

    /** The elements; not to be changed by the caller. */
    List<T> get();

    void add(T value);

    void set(List<? extends T> values);

    void clear();
}
