package dev.holdfast.engine.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Entries by key, hash and part: open addressing with linear probing, at most half full, removal by shifting back (Knuth,
 * TAOCP 3, 6.4 R). One byte of each hash lies in an array of its own, so that a probe seldom touches an entry in vain.
 * The index comes from remixed bits: all keys of a task share the residues of its key groups.
 */
final class EntryTable {
    private static final int MIN_CAPACITY = 64;
    private static final int MAX_CAPACITY = 1 << 30;

    private byte[] tags = new byte[MIN_CAPACITY];
    private @Nullable Entry[] entries = new Entry[MIN_CAPACITY];
    private int mask = MIN_CAPACITY - 1;
    private int size;
    private int hand;

    int size() {
        return size;
    }

    int capacity() {
        return mask + 1;
    }

    @Nullable Entry get(Object key, int hash, int part) {
        int mixed = mix(hash, part);
        byte tag = tag(mixed);
        for (int i = mixed & mask; ; i = (i + 1) & mask) {
            byte found = tags[i];
            if (found == tag) {
                Entry entry = entries[i];
                if (entry != null && entry.hash == hash && entry.part == part && entry.key.equals(key)) {
                    return entry;
                }
            } else if (found == 0) {
                return null;
            }
        }
    }

    /**
     * Brings the entries of a batch into the processor's caches. The loads of one pass do not depend on each other, so that
     * many are under way at once; in the batch's own look-ups each would wait for the one before it.
     *
     * @param found room for {@code to - from} entries
     * @return of no meaning; keeps the loads from being left out
     */
    int warm(Object[] keys, int[] hashes, int from, int to, @Nullable Entry[] found) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            int place = mix(hashes[i], Entry.ROOT) & mask;
            sum += tags[place];
            found[i - from] = entries[place];
        }
        for (int i = 0; i < to - from; i++) {
            Entry entry = found[i];
            sum += entry == null ? 0 : entry.hash;
        }
        for (int i = 0; i < to - from; i++) {
            Entry entry = found[i];
            if (entry != null) {
                sum += entry.key.equals(keys[from + i]) ? 1 : 0;
                // Looks at the value's header, and so brings in its line.
                sum += entry.value instanceof Number ? 1 : 0;
            }
        }
        return sum;
    }

    /** Adds an entry; there is none with its key yet. */
    void add(Entry entry) {
        if (size >= capacity() / 2) {
            grow();
        }
        place(entry);
        size++;
    }

    /**
     * Moves the clock hand by one place.
     *
     * @param flushedEpoch entries of later epochs are dirty and stay
     * @return the entry that was taken out, or null if there was none to take
     */
    @Nullable Entry tick(int flushedEpoch) {
        Entry entry = entries[hand];
        if (entry == null || entry.epoch > flushedEpoch) {
            hand = (hand + 1) & mask;
            return null;
        }
        if (entry.referenced) {
            entry.referenced = false;
            hand = (hand + 1) & mask;
            return null;
        }
        // The hand stays: what follows may have been shifted to this place.
        remove(hand);
        return entry;
    }

    private void remove(int index) {
        int hole = index;
        for (int i = (hole + 1) & mask; ; i = (i + 1) & mask) {
            Entry next = entries[i];
            if (next == null) {
                break;
            }
            int home = mix(next.hash, next.part) & mask;
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                entries[hole] = next;
                tags[hole] = tags[i];
                hole = i;
            }
        }
        entries[hole] = null;
        tags[hole] = 0;
        size--;
    }

    private void place(Entry entry) {
        int mixed = mix(entry.hash, entry.part);
        int i = mixed & mask;
        while (tags[i] != 0) {
            i = (i + 1) & mask;
        }
        tags[i] = tag(mixed);
        entries[i] = entry;
    }

    private void grow() {
        if (capacity() >= MAX_CAPACITY) {
            throw new IllegalStateException(
                    "one state has over " + size + " entries in memory; lower the memory budget");
        }
        @Nullable Entry[] old = entries;
        int capacity = capacity() * 2;
        tags = new byte[capacity];
        entries = new Entry[capacity];
        mask = capacity - 1;
        hand = 0;
        for (Entry entry : old) {
            if (entry != null) {
                place(entry);
            }
        }
    }

    /** Forgets everything. */
    void clear() {
        Arrays.fill(tags, (byte) 0);
        Arrays.fill(entries, null);
        size = 0;
        hand = 0;
    }

    private static int mix(int hash, int part) {
        int h = (hash ^ (part * 0x9E3779B9)) * 0x85ebca6b;
        return h ^ (h >>> 15);
    }

    private static byte tag(int mixed) {
        return (byte) ((mixed >>> 24) | 1);
    }
}
