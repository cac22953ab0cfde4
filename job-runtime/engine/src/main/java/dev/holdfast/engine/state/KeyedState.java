package dev.holdfast.engine.state;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keyed state of one operator in one task: a write-back cache over the slot's store.
 *
 * <ol>
 *   <li>Reads and writes meet decoded values in memory ({@link StateTable}); a miss reads the store.
 *   <li>{@link #freeze} ends an epoch: the dirty entries become the flush's, new writes belong to the next epoch. It takes
 *       constant time; an entry that is written again before the flush has read it keeps its old value ({@link Entry}).
 *   <li>A {@link Flush} off the slot's thread writes the frozen entries as sorted segments, and puts the same bytes into the
 *       store. Nothing newer than a flush reaches the store before that flush has ended, as there is one at a time and only
 *       flushes write.
 *   <li>When it has ended, its segments join the buckets' lists, its entries are clean and may be evicted, and the lists as
 *       they are now are the snapshot. If it failed, its entries are dirty still and belong to the next flush as well.
 *   <li>A segment is uploaded with each checkpoint until one that holds it is confirmed. Its bytes go when neither a list
 *       nor a pending snapshot refers to it.
 *   <li>A spill is a flush without a snapshot: its segments are part of the next one. A {@link Fold} merges segments of a
 *       bucket, beside flushes.
 * </ol>
 *
 * So at any time: state = lists of segments, overlaid by dirty entries; and store = what the lists say, if one overlooks what
 * has expired. Everything here is for the slot's thread.
 */
public final class KeyedState {
    /** With so many segments in a bucket a barrier waits for a fold: reads and restores stay bounded. */
    static final int MAX_SEGMENTS = 64;

    /** A fold that failed, for example on a full disk, is tried again after this. */
    private static final long FOLD_PAUSE_NS = 1_000_000_000;

    private final SlotState slot;
    private final KeyedOperatorSpec spec;
    private final TypeSerializer<Object> keySerializer;
    private final List<StateTable> tables = new ArrayList<>();
    private final int firstBucket;
    private final Bucket[] buckets;
    private final Map<Long, List<StateSegment>> pending = new HashMap<>();
    private final List<byte[]> expiredKeys = new ArrayList<>();
    private final DataWriter keyBuffer = new DataWriter();
    private final KeyWriter keyWriter;

    private @Nullable Object key;
    private int keyHash;
    private long turn;
    private long nowTurn = -1;
    private long nowMs;

    private int epoch = 1;
    private int flushedEpoch;
    private @Nullable Flush flush;
    private @Nullable RunningFlush running;
    private List<Flush.Frozen> unflushed = new ArrayList<>();
    private long dirtyBytes;
    private long frozenBytes;
    private boolean folding;
    private long foldFailedNs = Long.MIN_VALUE / 2;

    private long flushes;
    private long spills;
    private long flushedEntries;
    private long flushNs;
    private long folds;
    private long foldedBytes;
    private long failedFolds;
    /** What a fold found: no later one can succeed. */
    private @Nullable HoldfastException damage;

    KeyedState(SlotState slot, KeyedOperatorSpec spec) {
        this.slot = slot;
        this.spec = spec;
        this.keySerializer = Unchecked.serializer(spec.key());
        this.keyWriter = new KeyWriter(spec.operatorId(), spec.maxParallelism(), keySerializer);
        KeyGroupRange range = spec.keyGroups();
        firstBucket = KeyGroups.bucket(range.from(), spec.maxParallelism());
        buckets = new Bucket[KeyGroups.bucket(range.to(), spec.maxParallelism()) - firstBucket + 1];
        for (int i = 0; i < buckets.length; i++) {
            KeyGroupRange whole = KeyGroups.bucketRange(firstBucket + i, spec.maxParallelism());
            buckets[i] = new Bucket(firstBucket + i, whole.intersection(range));
        }
    }

    /** Chooses the key that the states speak of. {@code hash} is the frozen hash of the encoded key. */
    public void setKey(Object newKey, int newKeyHash) {
        key = newKey;
        keyHash = newKeyHash;
        turn++;
    }

    /** Leaves the key: the states may not be used until the next {@link #setKey}. */
    public void clearKey() {
        key = null;
        turn++;
    }

    /**
     * Reads what the keys of a batch will need and memory does not hold, with one access to the store for each state. Does
     * nothing for states whose reads all met memory lately. Blocks for local reads.
     */
    public void prefetch(Object[] keys, int[] hashes, int from, int to) {
        for (StateTable table : tables) {
            if (table.missedLately()) {
                table.prefetch(keys, hashes, from, to);
            }
            table.warm(keys, hashes, from, to);
        }
    }

    /** False while an earlier flush runs, or folds are far behind: the task waits with its barrier. */
    public boolean canFreeze() {
        return flush == null && !hasTooManySegments();
    }

    /**
     * Freezes the state at a barrier, in constant time. {@code done} runs in the loop's mailbox with the snapshot, or with
     * the error that ended the flush; after an error nothing is lost, and the next freeze tries again.
     */
    public void freeze(long checkpointId, BlockingCalls.Done<KeyedSnapshot> done) {
        if (pending.containsKey(checkpointId)) {
            throw new IllegalStateException(
                    "checkpoint " + checkpointId + " of operator '" + spec.operator() + "' is frozen already");
        }
        start((flushed, error) -> {
            KeyedSnapshot snapshot = flushed == null ? null : snapshot(checkpointId, flushed);
            return () -> done.accept(snapshot, error);
        });
    }

    private KeyedSnapshot snapshot(long checkpointId, Flush.Flushed flushed) {
        List<BucketSnapshot> lists = new ArrayList<>();
        List<StateSegment> held = new ArrayList<>();
        for (Bucket bucket : buckets) {
            // Empty ones too: so a manifest shows if a bucket is missing.
            lists.add(new BucketSnapshot(bucket.index(), bucket.keyGroups(), bucket.segments()));
            held.addAll(bucket.segments());
        }
        held.forEach(StateSegment::retain);
        pending.put(checkpointId, held);
        return new KeyedSnapshot(checkpointId, lists, flushed.entries(), flushed.flushNs());
    }

    /** Starts a flush whose segments belong to the next snapshot. The state can freeze. */
    void spill() {
        spills++;
        start((flushed, error) -> () -> {});
    }

    /**
     * Flushes what is dirty, and what an earlier flush has not written yet, on the slot's thread: for the midst of a record
     * that writes more than memory has room for. That is as legal as a spill between records: the store is a copy for
     * reading, and no snapshot is made before the record has ended. Blocks.
     *
     * @return false if it cannot: the caller is within the flush, as only a simulation has it
     * @throws RuntimeException if the flush fails; nothing is lost
     */
    boolean flushNow() {
        if (flush != null && flush.isRunningHere()) {
            return false;
        }
        // An earlier flush that failed is told to the one who started it; what it left is written now.
        finishFlush();
        if (dirtyBytes > 0 || !unflushed.isEmpty()) {
            spill();
            RuntimeException failure = finishFlush();
            if (failure != null) {
                throw failure;
            }
        }
        return true;
    }

    /** Runs or awaits the flush that was started, if there is one; gives its error. */
    private @Nullable RuntimeException finishFlush() {
        RunningFlush last = running;
        if (last == null) {
            return null;
        }
        Flush.Flushed flushed = null;
        RuntimeException failure = null;
        try {
            flushed = last.flush.call();
        } catch (RuntimeException e) {
            failure = e;
        }
        settle(last, flushed, failure);
        return failure;
    }

    /** What is to be done as soon as a flush has ended. */
    private interface Ended {
        /** Runs between changes of the state; what it gives runs in the loop's mailbox. */
        Runnable settle(Flush.@Nullable Flushed flushed, @Nullable Throwable error);
    }

    /** A flush on its way. */
    private static final class RunningFlush {
        final Flush flush;
        final Ended then;
        Runnable mail = () -> {};

        RunningFlush(Flush flush, Ended then) {
            this.flush = flush;
            this.then = then;
        }
    }

    private void start(Ended then) {
        if (flush != null) {
            throw new IllegalStateException("operator '" + spec.operator() + "' is frozen while a flush still runs");
        }
        List<Flush.Frozen> frozen = unflushed;
        for (int i = 0; i < tables.size(); i++) {
            EntryList dirty = tables.get(i).takeDirty();
            if (dirty.size() > 0) {
                frozen.add(new Flush.Frozen(i, dirty));
            }
        }
        unflushed = new ArrayList<>();
        Flush started = new Flush(this, frozen, epoch, List.copyOf(expiredKeys));
        expiredKeys.clear();
        RunningFlush pendingFlush = new RunningFlush(started, then);
        flush = started;
        running = pendingFlush;
        frozenBytes += dirtyBytes;
        dirtyBytes = 0;
        if (epoch == Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    "operator '" + spec.operator() + "' has used up its epochs; restart the job");
        }
        epoch++;
        if (started.isEmpty()) {
            slot.loop().post(() -> ended(pendingFlush, Flush.Flushed.NOTHING, null));
            return;
        }
        slot.call("flush of " + spec.operator(), started, (flushed, error) -> ended(pendingFlush, flushed, error));
    }

    private void ended(RunningFlush ended, Flush.@Nullable Flushed flushed, @Nullable Throwable error) {
        if (running == ended) {
            settle(ended, flushed, error);
        }
        ended.mail.run();
        foldOne();
    }

    private void settle(RunningFlush ended, Flush.@Nullable Flushed flushed, @Nullable Throwable error) {
        flush = null;
        running = null;
        slot.flushEnded();
        if (flushed == null) {
            unflushed = ended.flush.frozen();
            // It may have written some of them.
            for (Bucket bucket : buckets) {
                bucket.markInStore();
            }
            ended.mail = ended.then.settle(null, error);
            return;
        }
        flushedEpoch = ended.flush.epoch();
        frozenBytes = 0;
        flushes++;
        flushedEntries += flushed.entries();
        flushNs += flushed.flushNs();
        for (Flush.Written written : flushed.written()) {
            Bucket bucket = buckets[written.bucket() - firstBucket];
            bucket.markInStore();
            bucket.append(written.segment());
        }
        ended.mail = ended.then.settle(flushed, null);
    }

    /** Starts the most urgent fold, if one is due and none runs. */
    private void foldOne() {
        if (folding) {
            return;
        }
        Fold due = Fold.choose(this, buckets);
        if (due == null) {
            return;
        }
        folding = true;
        slot.call("fold of " + spec.operator(), due, (folded, error) -> folded(due, folded, error));
    }

    private void folded(Fold fold, Fold.@Nullable Folded folded, @Nullable Throwable error) {
        folding = false;
        if (error instanceof HoldfastException known && known.code().equals("HF-STA-026")) {
            damage = known;
        }
        if (folded == null) {
            // The segments are as they were; the next flush leads to another try.
            failedFolds++;
            foldFailedNs = slot.nowNs();
            return;
        }
        folds++;
        foldedBytes += fold.sizeBytes();
        List<StateSegment> list = fold.bucket().segments();
        List<StateSegment> replaced =
                list.subList(fold.from(), fold.from() + fold.segments().size());
        if (!replaced.equals(fold.segments())) {
            throw new IllegalStateException("the segments of bucket "
                    + fold.bucket().index() + " of operator '" + spec.operator() + "' have changed under a fold");
        }
        replaced.clear();
        StateSegment merged = folded.segment();
        if (merged != null) {
            merged.retain();
            list.add(fold.from(), merged);
        }
        expiredKeys.addAll(folded.expiredKeys());
        release(fold.segments());
        foldOne();
    }

    /**
     * A checkpoint is complete: what it uploaded need not be uploaded again.
     *
     * @param uploaded where the segments lie that had no place in the bucket before
     */
    public void confirm(long checkpointId, Map<StateSegment, Segment> uploaded) {
        List<StateSegment> held = pending.remove(checkpointId);
        if (held == null) {
            throw new IllegalStateException(
                    "checkpoint " + checkpointId + " of operator '" + spec.operator() + "' is not pending");
        }
        uploaded.forEach(StateSegment::confirm);
        release(held);
    }

    /** A checkpoint will never be complete, or is not this task's concern any more. */
    public void abort(long checkpointId) {
        List<StateSegment> held = pending.remove(checkpointId);
        if (held != null) {
            release(held);
        }
    }

    private void release(List<StateSegment> segments) {
        List<StateSegment> unused = new ArrayList<>();
        for (StateSegment segment : segments) {
            if (segment.release()) {
                unused.add(segment);
            }
        }
        slot.delete(unused);
    }

    /**
     * To be called between batches, and while a barrier waits, with no key set: evicts, starts spills, and folds what a restore or
     * a failed fold has left to be folded. Bounded work for the whole slot.
     */
    public void maintain(long nowNs) {
        if (damage != null) {
            throw damage;
        }
        slot.maintain();
        if (!folding && nowNs - foldFailedNs >= FOLD_PAUSE_NS && hasTooManySegments()) {
            foldOne();
        }
    }

    private boolean hasTooManySegments() {
        for (Bucket bucket : buckets) {
            if (bucket.segments().size() >= MAX_SEGMENTS) {
                return true;
            }
        }
        return false;
    }

    /** Whether memory is used up until a flush has ended: the task takes no records, and calls {@link #maintain} again. */
    public boolean mustWait() {
        return slot.mustWait();
    }

    /** Segments and memory at this time. */
    public StateStatistics statistics() {
        long segments = 0;
        long segmentBytes = 0;
        for (Bucket bucket : buckets) {
            segments += bucket.segments().size();
            segmentBytes += bucket.sizeBytes();
        }
        long hits = 0;
        long misses = 0;
        long storeReads = 0;
        long prefetched = 0;
        long evicted = 0;
        long entries = 0;
        for (StateTable table : tables) {
            hits += table.hits();
            misses += table.misses();
            storeReads += table.storeReads();
            prefetched += table.prefetched();
            evicted += table.evicted();
            entries += table.size();
        }
        return new StateStatistics(
                hits,
                misses,
                storeReads,
                prefetched,
                evicted,
                entries,
                memoryBytes(),
                dirtyBytes,
                flushes,
                spills,
                flushedEntries,
                flushNs,
                folds,
                foldedBytes,
                failedFolds,
                segments,
                segmentBytes);
    }

    void add(StateTable table) {
        tables.add(table);
    }

    List<StateTable> tables() {
        return tables;
    }

    List<Bucket> buckets() {
        return List.of(buckets);
    }

    Bucket bucket(int index) {
        return buckets[index - firstBucket];
    }

    /** Whether the state speaks of the bucket at all. */
    boolean hasBucket(int index) {
        return index >= firstBucket && index < firstBucket + buckets.length;
    }

    KeyedOperatorSpec spec() {
        return spec;
    }

    SlotState slot() {
        return slot;
    }

    String operator() {
        return spec.operator();
    }

    SortedStore store() {
        return slot.store();
    }

    long turn() {
        return turn;
    }

    Object key(String state) {
        Object set = key;
        if (set == null) {
            throw new HoldfastException(
                    "HF-STA-003",
                    "state '" + state + "' of operator '" + spec.operator() + "' is used while no record is processed."
                            + " Use keyed state in the function's calls for a record only.");
        }
        return set;
    }

    int keyHash() {
        return keyHash;
    }

    int keyBytes(Object of) {
        return keySerializer.sizeBytes(of);
    }

    /** Wall-clock time, the same during all use of one key. */
    long nowMs() {
        if (nowTurn != turn) {
            nowTurn = turn;
            nowMs = slot.wallMs();
        }
        return nowMs;
    }

    int epoch() {
        return epoch;
    }

    int flushedEpoch() {
        return flushedEpoch;
    }

    /** Whether a flush may still have to read an entry that was last written in {@code writtenEpoch}, before the current. */
    boolean isPending(int writtenEpoch) {
        return writtenEpoch > flushedEpoch && flush != null && !flush.hasReadAll();
    }

    void addDirtyBytes(long bytes) {
        dirtyBytes += bytes;
    }

    long dirtyBytes() {
        return dirtyBytes + (flush == null ? frozenBytes : 0);
    }

    boolean isFlushing() {
        return flush != null;
    }

    boolean isFolding() {
        return folding;
    }

    long memoryBytes() {
        long sum = 0;
        for (StateTable table : tables) {
            sum += table.memoryBytes();
        }
        return sum;
    }

    boolean mayHold(int hash) {
        int keyGroup = KeyGroups.keyGroup(hash, spec.maxParallelism());
        return buckets[KeyGroups.bucket(keyGroup, spec.maxParallelism()) - firstBucket].mayBeInStore();
    }

    /** The stored key; valid until the next call. */
    DataWriter storedKey(int stateId, Object of, int hash, int part) {
        keyBuffer.clear();
        keyWriter.write(stateId, of, hash, part, keyBuffer);
        return keyBuffer;
    }
}
