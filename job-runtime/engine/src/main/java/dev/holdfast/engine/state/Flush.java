package dev.holdfast.engine.state;

import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.graph.KeyGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Writes the entries that were dirty at a freeze, off the slot's thread.
 *
 * <ol>
 *   <li>Deletes from the store what folds have found expired since; there it is looked at again first, as the slot may have
 *       written it anew.
 *   <li>Groups the entries by key group and state (counting sort); that is the order of the stored keys' first bytes.
 *   <li>For each bucket: encodes group after group as of the barrier, sorts each, and cuts at {@link Thresholds#cutBytes},
 *       within a group where it has to. Cuts of one flush share no key but with the same value.
 *   <li>Each cut becomes a segment. What has expired is written as a deletion. A deletion from a bucket of which neither store
 *       nor segments hold anything is left out.
 *   <li>As soon as the last entry is encoded, {@link #hasReadAll} tells the slot that it need not keep old values.
 *   <li>The store takes all segments in at once.
 * </ol>
 *
 * It runs once. A second call waits for the first one and has its outcome: so the slot's thread can run or await a flush for
 * which it has no more memory to go on beside.
 */
final class Flush implements Callable<Flush.Flushed> {
    /** Entries whose objects are brought in at once: they fit into a core's first cache. */
    private static final int WARMED = 64;

    private final KeyedState state;
    private final SlotState slot;
    private final List<Frozen> frozen;
    private final int epoch;
    private final List<byte[]> expiredKeys;
    private final boolean[] inStore;
    private final KeyWriter keyWriter;
    private final int entries;
    private volatile boolean readAll;
    private @Nullable Flushed outcome;
    private @Nullable RuntimeException failure;

    private final DataWriter arena = new DataWriter(4096);
    private final KeySort keySort = new KeySort();
    private int[] keyStarts = new int[256];
    private int[] keyEnds = new int[256];
    private int[] order = new int[256];
    private int cutEntries;
    /** Written so that the loads of {@link #warm} are not left out. */
    @SuppressWarnings("UnusedVariable")
    private int warmSum;

    private final List<Written> written = new ArrayList<>();

    /** To be made by the slot's thread. */
    Flush(KeyedState state, List<Frozen> frozen, int epoch, List<byte[]> expiredKeys) {
        this.state = state;
        this.slot = state.slot();
        this.frozen = frozen;
        this.epoch = epoch;
        this.expiredKeys = expiredKeys;
        KeyedOperatorSpec spec = state.spec();
        this.keyWriter = new KeyWriter(spec.operatorId(), spec.maxParallelism(), Unchecked.serializer(spec.key()));
        inStore = new boolean[KeyGroups.MAX_BUCKETS];
        for (int i = 0; i < inStore.length; i++) {
            inStore[i] = state.hasBucket(i) && state.bucket(i).mayBeInStore();
        }
        // Plain: a barrier waits for this constructor, and a stream links code on its first use.
        int sum = 0;
        for (Frozen each : frozen) {
            sum += each.entries().size();
        }
        entries = sum;
    }

    int epoch() {
        return epoch;
    }

    List<Frozen> frozen() {
        return frozen;
    }

    boolean isEmpty() {
        return entries == 0 && expiredKeys.isEmpty();
    }

    /** Whether all values have been read. Callable from the slot's thread. */
    boolean hasReadAll() {
        return readAll;
    }

    /** Whether the calling thread is within {@link #call}: a simulated slot goes on there. */
    boolean isRunningHere() {
        return Thread.holdsLock(this);
    }

    @Override
    public synchronized Flushed call() {
        Flushed known = outcome;
        if (known != null) {
            return known;
        }
        if (failure != null) {
            throw failure;
        }
        try {
            known = write();
            outcome = known;
            return known;
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        } catch (Error e) {
            failure = new IllegalStateException(
                    "the flush of operator '" + state.operator() + "' has ended with " + e, e);
            throw e;
        }
    }

    private Flushed write() {
        long startNs = slot.nowNs();
        try {
            sweep();
            long nowMs = slot.wallMs();
            int tables = state.tables().size();
            int[] groupStarts = new int[state.spec().keyGroups().size() * tables + 1];
            Entry[] grouped = group(tables, groupStarts);
            int read = 0;
            KeyGroupRange range = state.spec().keyGroups();
            int maxParallelism = state.spec().maxParallelism();
            for (int group = 0; group < groupStarts.length - 1; group++) {
                int keyGroup = range.from() + group / tables;
                int bucket = KeyGroups.bucket(keyGroup, maxParallelism);
                int end = groupStarts[group + 1];
                while (read < end) {
                    read = encode(grouped, read, end, group % tables, bucket, nowMs);
                    if (read == entries) {
                        readAll = true;
                    }
                    if (arena.size() >= slot.thresholds().cutBytes()) {
                        writeCut(bucket);
                    }
                }
                boolean bucketEnds = group == groupStarts.length - 2
                        || KeyGroups.bucket(range.from() + (group + 1) / tables, maxParallelism) != bucket;
                if (bucketEnds) {
                    writeCut(bucket);
                }
            }
            StateSegment.load(written.stream().map(Written::segment).toList(), slot.store());
            return new Flushed(written, entries, slot.nowNs() - startNs);
        } catch (Throwable e) {
            written.forEach(each -> slot.deleteFile(each.segment()));
            throw e;
        }
    }

    private void sweep() {
        DataWriter deletions = new DataWriter();
        long nowMs = slot.wallMs();
        for (byte[] key : expiredKeys) {
            byte[] value = slot.store().get(key, 0, key.length);
            if (value != null && ValueCodec.storedExpiryMs(value, 0, value.length) <= nowMs) {
                EntryBytes.append(deletions, key, 0, key.length, key, 0, 0);
            }
        }
        if (deletions.size() > 0) {
            slot.store().write(new EntryBytes(deletions.array(), 0, deletions.size()));
        }
    }

    /** The entries ordered by key group, then state; fills in where each group starts. */
    private Entry[] group(int tables, int[] groupStarts) {
        int fromKeyGroup = state.spec().keyGroups().from();
        int maxParallelism = state.spec().maxParallelism();
        int[] groups = new int[entries];
        int n = 0;
        for (Frozen each : frozen) {
            for (int i = 0; i < each.entries().size(); i++) {
                int keyGroup = KeyGroups.keyGroup(each.entries().hash(i), maxParallelism);
                int group = (keyGroup - fromKeyGroup) * tables + each.table();
                groups[n++] = group;
                groupStarts[group + 1]++;
            }
        }
        for (int group = 1; group < groupStarts.length; group++) {
            groupStarts[group] += groupStarts[group - 1];
        }
        int[] next = groupStarts.clone();
        Entry[] grouped = new Entry[entries];
        n = 0;
        for (Frozen each : frozen) {
            for (int i = 0; i < each.entries().size(); i++) {
                grouped[next[groups[n++]]++] = each.entries().get(i);
            }
        }
        return grouped;
    }

    /**
     * Encodes entries of one group, until the cut is large enough: all parts of one key's list or map are in one group.
     *
     * @return the first entry that is left
     */
    private int encode(Entry[] grouped, int from, int to, int tableIndex, int bucket, long nowMs) {
        StateTable table = state.tables().get(tableIndex);
        ValueCodec codec = table.codec();
        int firstOfGroup = cutEntries;
        ensure(cutEntries + to - from);
        int cutBytes = slot.thresholds().cutBytes();
        int i = from;
        while (i < to && arena.size() < cutBytes) {
            if ((i - from) % WARMED == 0) {
                warmSum += warm(grouped, i, Math.min(i + WARMED, to));
            }
            Entry entry = grouped[i++];
            Object value = entry.valueAt(epoch);
            boolean deleted = value == null || codec.expiresMs(value) <= nowMs;
            if (deleted && !inStore[bucket]) {
                continue;
            }
            keyStarts[cutEntries] = arena.size();
            keyWriter.write(table.id(), entry.key, entry.hash, entry.part, arena);
            keyEnds[cutEntries] = arena.size();
            if (!deleted && value != null) {
                codec.write(value, arena);
            }
            order[cutEntries] = cutEntries;
            cutEntries++;
        }
        if (cutEntries > firstOfGroup) {
            keySort.sort(arena.array(), keyStarts, keyEnds, order, firstOfGroup, cutEntries, KeyWriter.PREFIX_BYTES);
        }
        return i;
    }

    /**
     * Brings entries into the processor's caches that are encoded next. They lie anywhere in memory, with their keys and values.
     * The loads of one pass do not depend on each other, so that many are under way at once; encoding would wait for each.
     *
     * @return of no meaning; keeps the loads from being left out
     */
    private static int warm(Entry[] grouped, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += grouped[i].hash;
        }
        for (int i = from; i < to; i++) {
            // Looks at the headers, and so brings in their lines.
            sum += grouped[i].key instanceof Number ? 1 : 0;
            sum += grouped[i].value instanceof Number ? 1 : 0;
        }
        return sum;
    }

    private void ensure(int size) {
        if (keyStarts.length < size) {
            int capacity = Math.max(size, keyStarts.length * 2);
            keyStarts = Arrays.copyOf(keyStarts, capacity);
            keyEnds = Arrays.copyOf(keyEnds, capacity);
            order = Arrays.copyOf(order, capacity);
        }
    }

    private void writeCut(int bucket) {
        if (cutEntries == 0) {
            return;
        }
        byte[] bytes = arena.array();
        StateSegment segment = null;
        try (SegmentWriter out = new SegmentWriter(slot, arena.size())) {
            int last = -1;
            for (int i = 0; i < cutEntries; i++) {
                int entry = order[i];
                // After a failed flush an entry can be in two lists; both mean the same value.
                if (last >= 0 && isSameKey(bytes, last, entry)) {
                    continue;
                }
                last = entry;
                int valueEnd = entry + 1 < cutEntries ? keyStarts[entry + 1] : arena.size();
                out.add(
                        bytes,
                        keyStarts[entry],
                        keyEnds[entry] - keyStarts[entry],
                        bytes,
                        keyEnds[entry],
                        valueEnd - keyEnds[entry]);
            }
            segment = out.finish();
        }
        cutEntries = 0;
        arena.clear();
        if (segment != null) {
            written.add(new Written(bucket, segment));
        }
    }

    private boolean isSameKey(byte[] bytes, int a, int b) {
        return Arrays.equals(bytes, keyStarts[a], keyEnds[a], bytes, keyStarts[b], keyEnds[b]);
    }

    /**
     * Entries that a freeze took from a state.
     *
     * @param table index of the state's table
     */
    record Frozen(int table, EntryList entries) {}

    /** A segment that a flush made. */
    record Written(int bucket, StateSegment segment) {}

    /**
     * What a flush did.
     *
     * @param written in order of keys
     */
    record Flushed(List<Written> written, long entries, long flushNs) {
        static final Flushed NOTHING = new Flushed(List.of(), 0, 0);
    }
}
