package dev.holdfast.api.state;

import org.jspecify.annotations.Nullable;

/** One accumulator for each key, seen as its result. */
public interface AggregatingState<I, O> {

    /** The result of the current key, or null where nothing was added. */
    @Nullable O get() throws Exception;

    void add(I value) throws Exception;

    void clear();
}
