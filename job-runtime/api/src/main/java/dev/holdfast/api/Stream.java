package dev.holdfast.api;

import dev.holdfast.api.connector.Sink;
import dev.holdfast.api.type.Type;

/**
 * An unkeyed stream of immutable values of one type. Methods add an operator to the graph and return its output; they
 * run nothing. The type of a result is named where Java cannot know it (the result of a lambda).
 *
 * <p>Streams with the same parallelism are connected by a plain call inside one task; otherwise records are spread
 * evenly.
 */
public interface Stream<T> {

    <R> Stream<R> map(Type<R> type, MapFunction<? super T, ? extends R> function);

    default <R> Stream<R> map(Class<R> type, MapFunction<? super T, ? extends R> function) {
        return map(Type.of(type), function);
    }

    <R> Stream<R> flatMap(Type<R> type, FlatMapFunction<? super T, R> function);

    default <R> Stream<R> flatMap(Class<R> type, FlatMapFunction<? super T, R> function) {
        return flatMap(Type.of(type), function);
    }

    Stream<T> filter(FilterFunction<? super T> function);

    /**
     * Groups by key. All records of one key reach the same task, in the order in which each upstream task sent them.
     *
     * @param type type of the key; its encoded form decides the place of the state, so it can never change. Arrays, sets,
     *     maps and lists of them are refused: their equality or their order is not that of their content.
     * @param key must be a pure function of the record and must not return null
     */
    <K> KeyedStream<K, T> keyBy(Type<K> type, KeySelector<? super T, ? extends K> key);

    default <K> KeyedStream<K, T> keyBy(Class<K> type, KeySelector<? super T, ? extends K> key) {
        return keyBy(Type.of(type), key);
    }

    /**
     * Adds an operator with a life cycle, operator state and side outputs.
     *
     * @param name identity of the operator's state, see {@link StreamGraph#source}
     * @param factory called once for each task; states are declared in it
     */
    <R> Stream<R> process(String name, Type<R> type, Process.Factory<T, R> factory);

    default <R> Stream<R> process(String name, Class<R> type, Process.Factory<T, R> factory) {
        return process(name, Type.of(type), factory);
    }

    /** All records of this stream and the other; order only within each. */
    Stream<T> union(Stream<T> other);

    /** A stream of which every task of the next operator sees every record. */
    BroadcastStream<T> broadcast();

    /** Spreads the records evenly over the tasks of the next operator, whatever their number. */
    Stream<T> rebalance();

    /** The side output of the {@code process} operator that made this stream; see {@link Emitter#emit}. */
    <R> Stream<R> sideOutput(SideOutput<R> side);

    /**
     * Sets how many tasks the operator that made this stream has. Without it, it has the job's parallelism.
     *
     * @param tasks 1 up to the job's maximum parallelism
     */
    Stream<T> parallelism(int tasks);

    /**
     * Ends this stream in a sink.
     *
     * @param name identity of the sink's state and of its transactions, see {@link StreamGraph#source}
     */
    void sink(String name, Sink<? super T> sink);
}
