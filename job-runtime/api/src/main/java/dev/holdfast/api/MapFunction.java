package dev.holdfast.api;

/** One result for each value. */
@FunctionalInterface
public interface MapFunction<I, O> extends Lifecycle {

    O map(I value) throws Exception;
}
