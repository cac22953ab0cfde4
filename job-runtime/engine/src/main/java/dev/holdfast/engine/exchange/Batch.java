package dev.holdfast.engine.exchange;

import org.jspecify.annotations.Nullable;

/**
 * Up to {@link #CAPACITY} records of one channel. Filled by one task, then handed over and never changed again. Keys and
 * their hashes are there on keyed edges only, so that nobody computes them twice.
 */
public final class Batch implements Element {
    /** Enough to make the costs of hand-over and dispatch vanish per record, few enough to stay in the first-level cache. */
    public static final int CAPACITY = 512;

    private final Object[] values = new Object[CAPACITY];
    private final Object @Nullable [] keys;
    private final int @Nullable [] hashes;
    private int size;

    private Batch(Object @Nullable [] keys, int @Nullable [] hashes) {
        this.keys = keys;
        this.hashes = hashes;
    }

    public static Batch keyed() {
        return new Batch(new Object[CAPACITY], new int[CAPACITY]);
    }

    public static Batch plain() {
        return new Batch(null, null);
    }

    /** Adds a record of an edge without keys; true if the batch is full now. */
    public boolean add(Object value) {
        values[size++] = value;
        return size == CAPACITY;
    }

    /** Adds a record with its key and the key's hash; true if the batch is full now. */
    public boolean add(Object value, Object key, int hash) {
        Object[] batchKeys = keys;
        int[] batchHashes = hashes;
        if (batchKeys == null || batchHashes == null) {
            throw new IllegalStateException("a batch without keys got a key");
        }
        batchKeys[size] = key;
        batchHashes[size] = hash;
        return add(value);
    }

    /** Whether keys and hashes travel along. */
    public boolean isKeyed() {
        return keys != null;
    }

    public int size() {
        return size;
    }

    public Object value(int index) {
        return values[index];
    }

    /** The keys; only valid on a keyed edge, up to {@link #size}. */
    public Object[] keys() {
        Object[] batchKeys = keys;
        if (batchKeys == null) {
            throw new IllegalStateException("the batch of an edge without keys was asked for them");
        }
        return batchKeys;
    }

    /** The frozen hashes of the encoded keys; only valid on a keyed edge, up to {@link #size}. */
    public int[] hashes() {
        int[] batchHashes = hashes;
        if (batchHashes == null) {
            throw new IllegalStateException("the batch of an edge without keys was asked for their hashes");
        }
        return batchHashes;
    }
}
