package dev.holdfast.connector.datagen;

import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.SplitEnumerator;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deals out ranges of indices on request: those that came back first, then the next ones. */
final class IndexEnumerator implements SplitEnumerator<IndexRange, IndexCursor> {
    /** A quarter of a second's work of one task at full speed: asking for the next range costs nothing beside it. */
    static final int MAX_RANGE = 1 << 20;
    /** With a rate: keeps tasks close together, and is far longer than a request takes. */
    private static final double RANGE_SECONDS = 0.5;
    /** Of what is left, for each reader: so that all end at about the same time. */
    private static final int RANGES_PER_READER = 16;

    private final EnumeratorContext<IndexRange> context;
    private final long count;
    private final long longestRange;
    private final ArrayDeque<IndexRange> returned = new ArrayDeque<>();
    private long next;

    IndexEnumerator(
            EnumeratorContext<IndexRange> context, long count, double perSecond, @Nullable IndexCursor restored) {
        this.context = context;
        this.count = count;
        longestRange = (long) Math.min(MAX_RANGE, Math.max(1, perSecond / context.parallelism() * RANGE_SECONDS));
        if (restored != null) {
            next = restored.next();
            returned.addAll(restored.returned());
        }
    }

    @Override
    public void start() {}

    @Override
    public void splitRequested(int reader) {
        IndexRange range = returned.poll();
        if (range != null) {
            context.assign(reader, range);
        } else if (next >= count) {
            context.noMoreSplits(reader);
        } else {
            long share = (count - next) / ((long) context.parallelism() * RANGES_PER_READER);
            long length = Math.max(1, Math.min(longestRange, share));
            context.assign(reader, new IndexRange(next, next + length));
            next += length;
        }
    }

    @Override
    public void splitsReturned(List<IndexRange> splits) {
        returned.addAll(splits);
    }

    @Override
    public IndexCursor snapshot(long checkpointId) {
        return new IndexCursor(next, List.copyOf(returned));
    }
}
