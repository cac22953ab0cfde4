package dev.holdfast.engine.state;

import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries in memory of one keyed state of one task, and the way from them to the store. For the slot's thread.
 *
 * <p>An entry is dirty while its epoch is later than the last one flushed. Then memory alone knows its value, it stays, and
 * it is in the list of that epoch: one that is being flushed, one whose flush failed, or the current one.
 */
final class StateTable {
    /** What an entry takes beside its key and value: object, place in the half full table. */
    private static final int ENTRY_BYTES = 64;

    /** From about here on the entries do not fit into a core's own cache. */
    private static final int WARM_ENTRIES = 20_000;

    private static final Entry NONE = new Entry("", 0, Entry.ROOT, null);

    private final KeyedState owner;
    private final StateDeclaration declaration;
    private final int id;
    private final ValueCodec codec;
    private final EntryTable entries = new EntryTable();
    private EntryList dirty = new EntryList();
    private Entry current = NONE;
    private long currentTurn = -1;
    private int recentMisses;
    private @Nullable Entry[] warmed = new Entry[0];
    /** Written so that the loads of a warm-up are not left out. */
    @SuppressWarnings("UnusedVariable")
    private int warmSum;

    private long memoryBytes;
    private long checkAtBytes;
    private long hits;
    private long misses;
    private long storeReads;
    private long prefetched;
    private long evicted;

    StateTable(KeyedState owner, StateDeclaration declaration, int id, ValueCodec codec) {
        this.owner = owner;
        this.declaration = declaration;
        this.id = id;
        this.codec = codec;
        this.checkAtBytes = owner.slot().checkEveryBytes();
    }

    StateDeclaration declaration() {
        return declaration;
    }

    int id() {
        return id;
    }

    ValueCodec codec() {
        return codec;
    }

    KeyedState owner() {
        return owner;
    }

    /** The root entry of the current key, read from the store where it has to be. */
    Entry current() {
        return currentTurn == owner.turn() ? current : find();
    }

    private Entry find() {
        Object key = owner.key(declaration.name());
        int hash = owner.keyHash();
        Entry entry = entries.get(key, hash, Entry.ROOT);
        if (entry == null) {
            entry = load(key, hash, Entry.ROOT);
        } else {
            hit(entry);
        }
        current = entry;
        currentTurn = owner.turn();
        return entry;
    }

    /** As {@link #current}, for a caller that overwrites the value whatever it is: nothing is read. */
    Entry currentUnread() {
        if (currentTurn == owner.turn()) {
            return current;
        }
        Object key = owner.key(declaration.name());
        int hash = owner.keyHash();
        Entry entry = entries.get(key, hash, Entry.ROOT);
        if (entry == null) {
            entry = add(key, hash, Entry.ROOT, null);
        } else {
            hit(entry);
        }
        current = entry;
        currentTurn = owner.turn();
        return entry;
    }

    private void hit(Entry entry) {
        hits++;
        if (!entry.referenced) {
            entry.referenced = true;
        }
    }

    /** A part of the current key's list or map. */
    Entry part(int index) {
        Object key = owner.key(declaration.name());
        int hash = owner.keyHash();
        Entry entry = entries.get(key, hash, index);
        if (entry == null) {
            return load(key, hash, index);
        }
        hit(entry);
        return entry;
    }

    /** A part that the caller overwrites. */
    Entry partUnread(int index) {
        Object key = owner.key(declaration.name());
        int hash = owner.keyHash();
        Entry entry = entries.get(key, hash, index);
        if (entry == null) {
            return add(key, hash, index, null);
        }
        hit(entry);
        return entry;
    }

    /** The value of a part for reading once: it is not kept in memory, so that a walk over all parts needs none. */
    @Nullable Object peekPart(int index) {
        Object key = owner.key(declaration.name());
        int hash = owner.keyHash();
        Entry entry = entries.get(key, hash, index);
        if (entry != null) {
            hits++;
            return entry.value;
        }
        misses++;
        return read(key, hash, index);
    }

    /** Writes an entry's value, null to delete it. The value must not be changed afterwards but through {@link #writable}. */
    void write(Entry entry, @Nullable Object value, int valueBytes) {
        if (entry.epoch != owner.epoch()) {
            startEpoch(entry);
        }
        entry.write(value);
        resize(entry, valueBytes);
    }

    /** An entry's elements for appending; {@link #resize} is due afterwards. */
    Elements writable(Entry entry, Elements elements) {
        if (entry.epoch == owner.epoch()) {
            return elements;
        }
        boolean pending = owner.isPending(entry.epoch);
        startEpoch(entry);
        if (!pending) {
            return elements;
        }
        Elements copy = elements.copy();
        entry.write(copy);
        return copy;
    }

    /** An entry's pairs for changing; {@link #resize} is due afterwards. */
    Pairs writable(Entry entry, Pairs pairs) {
        if (entry.epoch == owner.epoch()) {
            return pairs;
        }
        boolean pending = owner.isPending(entry.epoch);
        startEpoch(entry);
        if (!pending) {
            return pairs;
        }
        Pairs copy = pairs.copy();
        entry.write(copy);
        return copy;
    }

    private void startEpoch(Entry entry) {
        entry.advance(owner.epoch(), owner.isPending(entry.epoch));
        dirty.add(entry);
        owner.addDirtyBytes(ENTRY_BYTES + entry.valueBytes);
    }

    /** Notes what a dirty entry's value takes now. */
    void resize(Entry entry, int valueBytes) {
        int more = valueBytes - entry.valueBytes;
        if (more != 0) {
            entry.valueBytes = valueBytes;
            memoryBytes += more;
            owner.addDirtyBytes(more);
        }
    }

    /** What an entry takes beside its value; parts share the root's key. */
    private int overheadBytes(Entry entry) {
        return ENTRY_BYTES + (entry.part == Entry.ROOT ? owner.keyBytes(entry.key) : 0);
    }

    private Entry load(Object key, int hash, int part) {
        misses++;
        recentMisses++;
        return add(key, hash, part, read(key, hash, part));
    }

    private @Nullable Object read(Object key, int hash, int part) {
        if (!owner.mayHold(hash)) {
            return null;
        }
        storeReads++;
        DataWriter stored = owner.storedKey(id, key, hash, part);
        byte[] bytes = owner.store().get(stored.array(), 0, stored.size());
        return bytes == null ? null : decode(bytes);
    }

    private Object decode(byte[] bytes) {
        try {
            return codec.read(new DataReader(bytes));
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new UnrecoverableException(
                    "HF-STA-020",
                    "state '" + declaration.name() + "' of operator '" + owner.operator() + "' holds " + bytes.length
                            + " bytes that are not a value of its type: " + e.getMessage()
                            + ". Restore an older checkpoint, and look for damaged memory or disks.",
                    e);
        }
    }

    private Entry add(Object key, int hash, int part, @Nullable Object value) {
        Entry entry = new Entry(key, hash, part, value);
        entry.valueBytes = value == null ? 0 : codec.sizeBytes(value);
        memoryBytes += overheadBytes(entry) + entry.valueBytes;
        entries.add(entry);
        return entry;
    }

    /** To be called when an access begins, and no entry is held: lets the slot evict and flush when much has been added. */
    void makeRoom() {
        if (memoryBytes > checkAtBytes) {
            owner.slot().makeRoom();
        }
    }

    /** The slot has looked at all its memory: there is room for so much more. */
    void roomFor(long bytes) {
        checkAtBytes = memoryBytes + bytes;
    }

    /** Refuses what is too large to be stored as one value. */
    void requireStorable(String what, long bytes) {
        int limit = owner.slot().thresholds().valueBytes();
        if (bytes > limit) {
            throw new UnrecoverableException(
                    "HF-STA-006",
                    what + " of state '" + declaration.name() + "' of operator '" + owner.operator() + "' takes about "
                            + bytes + " bytes, the limit is " + limit
                            + ". Spread it over more elements of a list, more keys, or keep it in an object store.");
        }
    }

    /** Whether reads missed since the last call: then a prefetch is worth its while. */
    boolean missedLately() {
        boolean missed = recentMisses > 0;
        recentMisses = 0;
        return missed;
    }

    /** Brings a batch's entries into the processor's caches, where the table is too large to be there anyway. */
    void warm(Object[] keys, int[] hashes, int from, int to) {
        if (entries.size() >= WARM_ENTRIES) {
            if (warmed.length < to - from) {
                warmed = new Entry[to - from];
            }
            warmSum += entries.warm(keys, hashes, from, to, warmed);
        }
    }

    /** Reads the root entries of a batch's keys that are not in memory, all at once. */
    void prefetch(Object[] keys, int[] hashes, int from, int to) {
        List<byte[]> wanted = new ArrayList<>();
        int[] indexes = new int[to - from];
        for (int i = from; i < to; i++) {
            if (entries.get(keys[i], hashes[i], Entry.ROOT) == null && owner.mayHold(hashes[i])) {
                indexes[wanted.size()] = i;
                wanted.add(owner.storedKey(id, keys[i], hashes[i], Entry.ROOT).toByteArray());
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        storeReads += wanted.size();
        List<byte @Nullable []> found = owner.store().multiGet(wanted);
        for (int n = 0; n < wanted.size(); n++) {
            int i = indexes[n];
            byte[] bytes = found.get(n);
            // A key may be in the batch more than once.
            if (entries.get(keys[i], hashes[i], Entry.ROOT) == null) {
                add(keys[i], hashes[i], Entry.ROOT, bytes == null ? null : decode(bytes));
                prefetched++;
            }
        }
        // The batch would have missed these: the next one may as well.
        recentMisses += wanted.size();
    }

    /** The dirty entries of the current epoch, which ends here. */
    EntryList takeDirty() {
        EntryList taken = dirty;
        dirty = new EntryList();
        return taken;
    }

    /**
     * Moves the eviction's clock hand.
     *
     * @return whether an entry was evicted
     */
    boolean tick() {
        Entry entry = entries.tick(owner.flushedEpoch());
        if (entry == null) {
            return false;
        }
        memoryBytes -= overheadBytes(entry) + entry.valueBytes;
        evicted++;
        currentTurn = -1;
        return true;
    }

    int capacity() {
        return entries.capacity();
    }

    int size() {
        return entries.size();
    }

    long memoryBytes() {
        return memoryBytes;
    }

    long hits() {
        return hits;
    }

    long misses() {
        return misses;
    }

    long storeReads() {
        return storeReads;
    }

    long prefetched() {
        return prefetched;
    }

    long evicted() {
        return evicted;
    }
}
