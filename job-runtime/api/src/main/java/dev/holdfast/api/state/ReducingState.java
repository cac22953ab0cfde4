package dev.holdfast.api.state;

import org.jspecify.annotations.Nullable;

/** One value for each key into which others are combined. */
public interface ReducingState<T> {

    @Nullable T get();

    void add(T value) throws Exception;

    void clear();
}
