package dev.holdfast.engine.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One decoded value in memory: of a key (the root) or of a part of its list or map. Written by the slot's thread; the
 * flush reads it at the same time, by this handshake:
 *
 * <ol>
 *   <li>The first write after a freeze, while the flush is pending: {@link #frozen} = old value; epoch = new (release);
 *       value = new (release). A mutable value is never changed after that: the slot goes on with a copy.
 *   <li>The flush of epoch f: reads value (acquire), then epoch (acquire). If epoch &lt;= f, the value that was read is the
 *       one at the barrier: had it been a newer one, its release would have shown the newer epoch as well. Else {@code
 *       frozen} is, and is visible, as it was written before the epoch.
 * </ol>
 */
final class Entry {
    /** {@link #part} of an entry that is not a part. */
    static final int ROOT = -1;

    private static final VarHandle VALUE;
    private static final VarHandle EPOCH;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            VALUE = lookup.findVarHandle(Entry.class, "value", Object.class);
            EPOCH = lookup.findVarHandle(Entry.class, "epoch", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Object key;
    final int hash;
    final int part;
    /** For the slot's thread; the flush uses {@link #valueAt}. Null if there is no value. */
    @Nullable Object value;
    /** Epoch of the last write; 0 for what came from the store. */
    int epoch;
    /** About what the value takes in memory. */
    int valueBytes;
    /** Set by use, cleared by the clock hand of the eviction. */
    boolean referenced = true;

    private @Nullable Object frozen;

    Entry(Object key, int hash, int part, @Nullable Object value) {
        this.key = key;
        this.hash = hash;
        this.part = part;
        this.value = value;
    }

    /** Makes the entry one of a new epoch. With {@code keep}, a pending flush still finds the value as it is now. */
    void advance(int newEpoch, boolean keep) {
        frozen = keep ? value : null;
        EPOCH.setRelease(this, newEpoch);
    }

    void write(@Nullable Object newValue) {
        VALUE.setRelease(this, newValue);
    }

    /** The value at the end of a frozen epoch; for the thread of its flush. */
    @Nullable Object valueAt(int frozenEpoch) {
        Object seen = VALUE.getAcquire(this);
        int seenEpoch = (int) EPOCH.getAcquire(this);
        return seenEpoch <= frozenEpoch ? seen : frozen;
    }
}
