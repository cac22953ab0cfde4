package dev.holdfast.api;

/** Decides which values stay. */
@FunctionalInterface
public interface FilterFunction<T> extends Lifecycle {

    boolean keep(T value) throws Exception;
}
