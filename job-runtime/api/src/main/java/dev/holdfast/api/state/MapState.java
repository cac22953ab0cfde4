package dev.holdfast.api.state;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map for each key, in no particular order. May grow far beyond memory. */
public interface MapState<K, V> {

    @Nullable V get(K key);

    void put(K key, V value);

    boolean contains(K key);

    void remove(K key);

    boolean isEmpty();

    /** The entries, read piece by piece. Valid until the map is changed or the call of the function ends. */
    Iterable<Map.Entry<K, V>> entries();

    Iterable<K> keys();

    Iterable<V> values();

    void clear();
}
