package dev.holdfast.api;

import dev.holdfast.api.type.Type;

/** A keyed stream together with a broadcast stream; made by {@link KeyedStream#connect}. */
public interface ConnectedStream<K, T, B> {

    /**
     * Adds an operator that sees both streams.
     *
     * @param name identity of the operator's state, see {@link StreamGraph#source}
     * @param factory called once for each task; states are declared in it
     */
    <R> Stream<R> process(String name, Type<R> type, KeyedBroadcastProcess.Factory<K, T, B, R> factory);

    default <R> Stream<R> process(String name, Class<R> type, KeyedBroadcastProcess.Factory<K, T, B, R> factory) {
        return process(name, Type.of(type), factory);
    }
}
