package dev.holdfast.api.state;

import org.jspecify.annotations.Nullable;

/** One value for each key. Values are immutable: to change one, set another. */
public interface ValueState<T extends @Nullable Object> {

    /** The value of the current key, or the initial value (null if the state was declared without one). */
    T get();

    /** Sets the value of the current key; it must not be null, see {@link #clear}. */
    void set(T value);

    void clear();
}
