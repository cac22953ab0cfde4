package dev.holdfast.api;

import dev.holdfast.api.type.Type;

/** A stream grouped by key: the operators on it have state for each key. */
public interface KeyedStream<K, T> {

    /**
     * Adds an operator with keyed state.
     *
     * @param name identity of the operator's state, see {@link StreamGraph#source}
     * @param factory called once for each task; states are declared in it
     */
    <R> Stream<R> process(String name, Type<R> type, KeyedProcess.Factory<K, T, R> factory);

    default <R> Stream<R> process(String name, Class<R> type, KeyedProcess.Factory<K, T, R> factory) {
        return process(name, Type.of(type), factory);
    }

    /** Combines all values of a key, and emits the new combination for every record. */
    Stream<T> reduce(String name, ReduceFunction<T> function);

    /** Adds every record to the accumulator of its key, and emits the new result for every record. */
    <A, R> Stream<R> aggregate(String name, Type<A> accumulator, Type<R> result, AggregateFunction<? super T, A, R> f);

    default <A, R> Stream<R> aggregate(
            String name, Class<A> accumulator, Class<R> result, AggregateFunction<? super T, A, R> function) {
        return aggregate(name, Type.of(accumulator), Type.of(result), function);
    }

    /** Pairs this stream with one that every task sees whole, such as rules or prices. */
    <B> ConnectedStream<K, T, B> connect(BroadcastStream<B> broadcast);
}
