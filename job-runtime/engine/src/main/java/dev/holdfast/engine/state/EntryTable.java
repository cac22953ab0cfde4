package dev.holdfast.engine.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries by key, hash and part. Extendible hashing (Fagin, Nievergelt, Pippenger and Strong, 1979) over small tables:
 *
 * <ol>
 *   <li>The upper bits of the mixed hash choose a shard in the directory, the lower ones a place in the shard.
 *   <li>A shard that is half full grows to twice its size, up to {@link Shard#MAX_PLACES}. Then it splits in two by the next
 *       upper bit. The directory doubles if the shard has only one place in it.
 * </ol>
 *
 * So an addition moves at most {@link #MAX_MOVED} entries, and copies a directory with a thousandth of the table's places: a
 * table of millions grows without a pause. Only if the hashes of more than that many entries agree in {@link #MAX_DEPTH} bits
 * does one shard grow beyond.
 */
final class EntryTable {
    /** The most other entries that an addition moves. */
    static final int MAX_MOVED = Shard.MAX_PLACES / 2;

    /** A directory of so many bits is for over a hundred million entries, and is copied in tens of microseconds. */
    private static final int MAX_DEPTH = 16;

    private static final int HASH_BITS = 32;

    /** A shard stands in the directory once for each value of the bits below its own depth. */
    private Shard[] directory;
    /** Each once: the way of the clock hand. */
    private final List<Shard> shards = new ArrayList<>();
    /** Bits of the hash that the directory goes by. */
    private int depth;

    private int capacity;
    private int size;
    private int handShard;
    private int handPlace;

    EntryTable() {
        Shard first = new Shard(0, Shard.MIN_PLACES);
        directory = new Shard[] {first};
        shards.add(first);
        capacity = Shard.MIN_PLACES;
    }

    int size() {
        return size;
    }

    int capacity() {
        return capacity;
    }

    private Shard shard(int mixed) {
        // In two steps, since a shift by all 32 bits would be none.
        return directory[mixed >>> 1 >>> (HASH_BITS - 1 - depth)];
    }

    @Nullable Entry get(Object key, int hash, int part) {
        int mixed = mix(hash, part);
        return shard(mixed).get(mixed, key, hash, part);
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
            int mixed = mix(hashes[i], Entry.ROOT);
            Shard shard = shard(mixed);
            int place = mixed & shard.mask();
            sum += shard.tags[place];
            found[i - from] = shard.entries[place];
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

    /**
     * Adds an entry; there is none with its key yet.
     *
     * @return how many others it had to move
     */
    int add(Entry entry) {
        int mixed = mix(entry.hash, entry.part);
        Shard shard = shard(mixed);
        int moved = 0;
        while (shard.isHalfFull()) {
            moved += shard.size;
            makeRoom(shard, mixed);
            shard = shard(mixed);
        }
        shard.add(mixed, entry);
        size++;
        return moved;
    }

    private void makeRoom(Shard shard, int mixed) {
        int before = shard.places();
        if (before < Shard.MAX_PLACES || shard.depth == MAX_DEPTH) {
            shard.grow();
            capacity += before;
            return;
        }
        if (shard.depth == depth) {
            Shard[] doubled = new Shard[directory.length * 2];
            for (int i = 0; i < doubled.length; i++) {
                doubled[i] = directory[i >>> 1];
            }
            directory = doubled;
            depth++;
        }
        Shard upper = shard.split();
        shards.add(upper);
        capacity += before;
        // The places of the shard are those with its upper bits; the second half of them is the new one's.
        int width = 1 << (depth - shard.depth);
        int index = mixed >>> 1 >>> (HASH_BITS - 1 - depth);
        int firstOfBoth = index & -(2 * width);
        Arrays.fill(directory, firstOfBoth + width, firstOfBoth + 2 * width, upper);
    }

    /**
     * Moves the clock hand by one place.
     *
     * @param flushedEpoch entries of later epochs are dirty and stay
     * @return the entry that was taken out, or null if there was none to take
     */
    @Nullable Entry tick(int flushedEpoch) {
        Shard shard = shards.get(handShard);
        if (handPlace >= shard.places()) {
            handPlace = 0;
            handShard = handShard + 1 == shards.size() ? 0 : handShard + 1;
            shard = shards.get(handShard);
        }
        Entry entry = shard.entries[handPlace];
        if (entry == null || entry.epoch > flushedEpoch) {
            handPlace++;
            return null;
        }
        if (entry.referenced) {
            entry.referenced = false;
            handPlace++;
            return null;
        }
        // The hand stays: what follows may have been shifted to this place.
        shard.remove(handPlace);
        size--;
        return entry;
    }

    private static int mix(int hash, int part) {
        int h = (hash ^ (part * 0x9E3779B9)) * 0x85ebca6b;
        return h ^ (h >>> 15);
    }

    /**
     * Open addressing with linear probing, at most half full, removal by shifting back (Knuth, TAOCP 3, 6.4 R). One byte of
     * each hash lies in an array of its own, so that a probe seldom touches an entry in vain.
     */
    private static final class Shard {
        static final int MIN_PLACES = 64;
        /** Moving half of so many entries takes tens of microseconds, and a directory of their shards is small. */
        static final int MAX_PLACES = 4096;

        private static final int MAX_CAPACITY = 1 << 30;
        /** Above the bits of the place, below those of the directory. */
        private static final int TAG_SHIFT = 12;

        /** Upper bits of the hash that all entries here have in common. */
        private int depth;

        private byte[] tags;
        private @Nullable Entry[] entries;
        private int size;

        Shard(int depth, int places) {
            this.depth = depth;
            tags = new byte[places];
            entries = new Entry[places];
        }

        int places() {
            return tags.length;
        }

        int mask() {
            return tags.length - 1;
        }

        boolean isHalfFull() {
            return size >= tags.length >> 1;
        }

        @Nullable Entry get(int mixed, Object key, int hash, int part) {
            byte[] tags = this.tags;
            int mask = tags.length - 1;
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

        void add(int mixed, Entry entry) {
            int mask = mask();
            int i = mixed & mask;
            while (tags[i] != 0) {
                i = (i + 1) & mask;
            }
            tags[i] = tag(mixed);
            entries[i] = entry;
            size++;
        }

        void remove(int index) {
            int mask = mask();
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

        void grow() {
            if (places() >= MAX_CAPACITY) {
                throw new IllegalStateException("over " + size + " keys have hashes with the same " + depth
                        + " upper bits: the hash of the encoded key does not spread them");
            }
            refill(places() * 2, null);
        }

        /** Goes one bit deeper; the entries with that bit set are in the result. */
        Shard split() {
            depth++;
            Shard upper = new Shard(depth, places());
            refill(places(), upper);
            return upper;
        }

        private void refill(int places, @Nullable Shard upper) {
            @Nullable Entry[] old = entries;
            tags = new byte[places];
            entries = new Entry[places];
            size = 0;
            for (Entry entry : old) {
                if (entry != null) {
                    int mixed = mix(entry.hash, entry.part);
                    boolean toUpper = upper != null && (mixed >>> (HASH_BITS - depth) & 1) != 0;
                    (upper != null && toUpper ? upper : this).add(mixed, entry);
                }
            }
        }

        private static byte tag(int mixed) {
            return (byte) ((mixed >>> TAG_SHIFT) | 1);
        }
    }
}
