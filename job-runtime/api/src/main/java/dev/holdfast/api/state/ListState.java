package dev.holdfast.api.state;

import java.util.List;

/** A list for each key, in order of addition. May grow far beyond memory. */
public interface ListState<T> {

    void add(T value);

    default void addAll(Iterable<? extends T> values) {
        values.forEach(this::add);
    }

    /** The elements, read piece by piece. Valid until the list is changed or the call of the function ends. */
    Iterable<T> get();

    /** Replaces the whole list. */
    void set(List<? extends T> values);

    boolean isEmpty();

    void clear();
}
