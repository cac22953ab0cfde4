package dev.holdfast.api;

/** Any number of results for each value. */
@FunctionalInterface
public interface FlatMapFunction<I, O> extends Lifecycle {

    void flatMap(I value, Output<O> out) throws Exception;
}
