package dev.holdfast.api;

/** Where a function puts its results. Values must not be changed after they were emitted. */
@FunctionalInterface
public interface Output<T> {

    /** Emits one value, which must not be null. Never blocks: the engine stops the input instead. */
    void emit(T value);
}
