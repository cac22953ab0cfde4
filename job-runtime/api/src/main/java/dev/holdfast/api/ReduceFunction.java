package dev.holdfast.api;

/** Combines two values of a key into one; must not change its arguments. */
@FunctionalInterface
public interface ReduceFunction<T> extends Lifecycle {

    T reduce(T first, T second) throws Exception;
}
