package dev.holdfast.api.state;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map that is the same in every task. Writing it while a keyed record is processed is an error ({@code HF-STA-004}). */
public interface BroadcastState<K, V> {

    @Nullable V get(K key);

    void put(K key, V value);

    void remove(K key);

    /** The entries in order of first insertion; not to be changed by the caller. */
    Map<K, V> entries();

    void clear();
}
