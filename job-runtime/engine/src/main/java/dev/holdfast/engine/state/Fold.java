package dev.holdfast.engine.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Merges the newest segments of a bucket into one, off the slot's thread and beside flushes, which only append behind them.
 *
 * <ol>
 *   <li>{@link #choose} takes a suffix of the list by size: from the newest on, each older segment that is at most twice as
 *       large as all newer ones together. So a byte is rewritten a logarithmic number of times, and the base only when what
 *       lies on it is half its size.
 *   <li>Of entries with one key the newest counts. What has expired counts as deleted.
 *   <li>Deletions are dropped only where the oldest segment of the bucket takes part: else an older value would come back.
 *   <li>The keys of what has expired and was dropped go to the next flush, which deletes them from the store.
 * </ol>
 */
final class Fold implements Callable<Fold.Folded> {
    /** The newer segments may grow to this many times the base before a list of few is folded: more would double uploads. */
    private static final int OUTWEIGH = 2;
    /** Fewer segments than this are left alone, whatever their sizes. */
    private static final int FEW_SEGMENTS = 4;
    /** Keys of expired entries that one fold remembers for the store; what is beyond stays on the local disk only. */
    private static final int MAX_EXPIRED_KEYS = 100_000;

    private final SlotState slot;
    private final Bucket bucket;
    private final int from;
    private final List<StateSegment> segments;
    private final BitSet expiringStates;

    private Fold(KeyedState state, Bucket bucket, int from) {
        this.slot = state.slot();
        this.bucket = bucket;
        this.from = from;
        this.segments =
                List.copyOf(bucket.segments().subList(from, bucket.segments().size()));
        this.expiringStates = new BitSet();
        for (StateTable table : state.tables()) {
            if (table.codec().expires) {
                expiringStates.set(table.id());
            }
        }
    }

    /** The most urgent fold, or null if none is due. For the slot's thread. */
    static @Nullable Fold choose(KeyedState state, Bucket[] buckets) {
        int most = 0;
        Bucket chosen = null;
        for (Bucket bucket : buckets) {
            int count = bucket.segments().size();
            if (count > most && isDue(bucket, state.slot().thresholds().foldSegments())) {
                most = count;
                chosen = bucket;
            }
        }
        return chosen == null ? null : new Fold(state, chosen, suffix(chosen.segments()));
    }

    private static boolean isDue(Bucket bucket, int foldSegments) {
        List<StateSegment> segments = bucket.segments();
        if (segments.size() > foldSegments) {
            return true;
        }
        if (segments.size() < Math.min(FEW_SEGMENTS, foldSegments)) {
            return false;
        }
        long base = segments.get(0).sizeBytes();
        return bucket.sizeBytes() - base > OUTWEIGH * base;
    }

    /** Index of the oldest segment to merge; at least two are. */
    static int suffix(List<StateSegment> segments) {
        int from = segments.size() - 2;
        long newer = segments.get(from).sizeBytes() + segments.get(from + 1).sizeBytes();
        while (from > 0 && segments.get(from - 1).sizeBytes() <= 2 * newer) {
            from--;
            newer += segments.get(from).sizeBytes();
        }
        return from;
    }

    Bucket bucket() {
        return bucket;
    }

    /** Where in the bucket's list the merged segments begin. */
    int from() {
        return from;
    }

    List<StateSegment> segments() {
        return segments;
    }

    long sizeBytes() {
        return segments.stream().mapToLong(StateSegment::sizeBytes).sum();
    }

    @Override
    public Folded call() {
        List<EntryCursor> cursors = new ArrayList<>();
        try (SegmentWriter out = new SegmentWriter(slot, sizeBytes())) {
            for (StateSegment segment : segments) {
                EntryCursor cursor = segment.open(slot.store());
                if (cursor.next()) {
                    cursors.add(cursor);
                } else {
                    cursor.close();
                }
            }
            List<byte[]> expiredKeys = new ArrayList<>();
            long nowMs = slot.wallMs();
            while (!cursors.isEmpty()) {
                merge(cursors, out, expiredKeys, nowMs);
            }
            return new Folded(out.finish(), expiredKeys);
        } finally {
            cursors.forEach(EntryCursor::close);
        }
    }

    /** Takes the smallest key out of all cursors and writes its newest entry. */
    private void merge(List<EntryCursor> cursors, SegmentWriter out, List<byte[]> expiredKeys, long nowMs) {
        int newestIndex = 0;
        for (int i = 1; i < cursors.size(); i++) {
            if (compare(cursors.get(i), cursors.get(newestIndex)) <= 0) {
                newestIndex = i;
            }
        }
        EntryCursor newest = cursors.get(newestIndex);
        byte[] key = newest.keyBytes();
        int valueLength = newest.valueLength();
        if (valueLength > 0 && expires(newest)) {
            if (ValueCodec.storedExpiryMs(newest.valueBytes(), newest.valueOffset(), valueLength) <= nowMs) {
                valueLength = 0;
                if (expiredKeys.size() < MAX_EXPIRED_KEYS) {
                    expiredKeys.add(
                            Arrays.copyOfRange(key, newest.keyOffset(), newest.keyOffset() + newest.keyLength()));
                }
            }
        }
        if (valueLength > 0 || from > 0) {
            out.add(
                    key,
                    newest.keyOffset(),
                    newest.keyLength(),
                    newest.valueBytes(),
                    newest.valueOffset(),
                    valueLength);
        }
        // None behind it has the key; those before it go on first, while it still shows the key.
        int passed = newestIndex;
        for (int i = newestIndex - 1; i >= 0; i--) {
            if (compare(cursors.get(i), newest) == 0 && !advance(cursors, i)) {
                passed--;
            }
        }
        advance(cursors, passed);
    }

    private boolean expires(EntryCursor cursor) {
        return expiringStates.get(KeyWriter.stateId(cursor.keyBytes(), cursor.keyOffset()));
    }

    /** False if the cursor had come to its end, and is gone from the list. */
    private static boolean advance(List<EntryCursor> cursors, int index) {
        if (cursors.get(index).next()) {
            return true;
        }
        cursors.remove(index).close();
        return false;
    }

    private static int compare(EntryCursor a, EntryCursor b) {
        return Arrays.compareUnsigned(
                a.keyBytes(),
                a.keyOffset(),
                a.keyOffset() + a.keyLength(),
                b.keyBytes(),
                b.keyOffset(),
                b.keyOffset() + b.keyLength());
    }

    /**
     * What a fold made.
     *
     * @param segment null if nothing was left
     * @param expiredKeys of entries that expired; the store may hold them still
     */
    record Folded(@Nullable StateSegment segment, List<byte[]> expiredKeys) {}
}
