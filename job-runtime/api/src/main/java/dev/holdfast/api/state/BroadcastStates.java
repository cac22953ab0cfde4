package dev.holdfast.api.state;

import dev.holdfast.api.type.Type;

/** Where a function on a keyed and a broadcast stream declares its states. */
public interface BroadcastStates extends States {

    /** A map that is the same in every task; changed by records of the broadcast stream only. */
    <K, V> BroadcastState<K, V> broadcast(String name, Type<K> key, Type<V> value);

    default <K, V> BroadcastState<K, V> broadcast(String name, Class<K> key, Class<V> value) {
        return broadcast(name, Type.of(key), Type.of(value));
    }
}
