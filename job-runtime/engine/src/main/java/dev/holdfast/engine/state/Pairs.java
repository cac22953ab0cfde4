package dev.holdfast.engine.state;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a map, or of a part of one; values are {@link Expiring} where the state has a time to live. In order of
 * insertion, so that the same run gives the same bytes whatever the hash codes are.
 */
final class Pairs {
    private static final int OVERHEAD_BYTES = 96;
    /** What one pair takes beside its key and value. */
    private static final int PAIR_BYTES = 48;

    private final LinkedHashMap<Object, Object> map;
    private int sizeBytes;
    private long expiresMs;

    Pairs() {
        this(new LinkedHashMap<>(), OVERHEAD_BYTES, Long.MIN_VALUE);
    }

    private Pairs(LinkedHashMap<Object, Object> map, int sizeBytes, long expiresMs) {
        this.map = map;
        this.sizeBytes = sizeBytes;
        this.expiresMs = expiresMs;
    }

    /** To be changed in place of this one, which must not be changed any more. */
    Pairs copy() {
        return new Pairs(new LinkedHashMap<>(map), sizeBytes, expiresMs);
    }

    @Nullable Object get(Object key) {
        return map.get(key);
    }

    /** Sets a value and gives the one before it. */
    @Nullable Object put(Object key, Object value, int pairBytes) {
        Object before = map.put(key, value);
        sizeBytes += pairBytes + PAIR_BYTES;
        expiresMs = Math.max(expiresMs, value instanceof Expiring expiring ? expiring.expiresMs() : Expiring.NEVER_MS);
        return before;
    }

    /** Corrects the size after a pair was replaced or removed. */
    void forget(int pairBytes) {
        sizeBytes = Math.max(OVERHEAD_BYTES, sizeBytes - pairBytes - PAIR_BYTES);
    }

    @Nullable Object remove(Object key) {
        return map.remove(key);
    }

    /** For reading only. */
    LinkedHashMap<Object, Object> map() {
        return map;
    }

    int size() {
        return map.size();
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** Not before the last value expires. */
    long expiresMs() {
        return expiresMs;
    }
}
