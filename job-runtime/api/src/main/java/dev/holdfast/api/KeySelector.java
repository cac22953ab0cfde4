package dev.holdfast.api;

/** The key of a value: a pure function, never null. */
@FunctionalInterface
public interface KeySelector<T, K> {

    K key(T value) throws Exception;
}
