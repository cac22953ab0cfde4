package dev.holdfast.api;

/**
 * An aggregation with an accumulator. Accumulators are values: {@link #add} returns a new one and leaves its argument as
 * it was.
 *
 * @param <I> input
 * @param <A> accumulator
 * @param <O> result
 */
public interface AggregateFunction<I, A, O> extends Lifecycle {

    /** The accumulator of a key that has no value yet. */
    A empty();

    A add(A accumulator, I value) throws Exception;

    O result(A accumulator) throws Exception;
}
