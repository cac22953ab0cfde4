package dev.holdfast.connector.datagen;

import dev.holdfast.api.Output;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.SourceReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Makes the records of its ranges, one range after the other, at its pace. Asks for the next range when a quarter is left. */
final class IndexReader<T> implements SourceReader<T, IndexRange> {
    private final long seed;
    private final Datagen.Generator<? extends T> generator;
    private final Pace pace;
    private final ReaderContext context;
    private final SeededRandom random = new SeededRandom();
    private final ArrayDeque<IndexRange> waiting = new ArrayDeque<>();

    private long next;
    private long end;
    private long askAt;
    /** The engine asks for the first range of a reader that starts without one. */
    private boolean requested = true;

    private boolean noMore;
    private long current = -1;

    IndexReader(long seed, Datagen.Generator<? extends T> generator, Pace pace, ReaderContext context) {
        this.seed = seed;
        this.generator = generator;
        this.pace = pace;
        this.context = context;
    }

    @Override
    public void addSplits(List<IndexRange> splits) {
        waiting.addAll(splits);
        if (!splits.isEmpty()) {
            requested = false;
        }
    }

    @Override
    public void noMoreSplits() {
        noMore = true;
    }

    @Override
    public Status read(Output<T> out, int max) throws Exception {
        int left = max;
        while (left > 0) {
            if (next == end && !nextRange()) {
                return noMore ? Status.END : Status.NOTHING_NOW;
            }
            int allowed = pace.allowed(context.nowNs(), (int) Math.min(left, end - next));
            if (allowed == 0) {
                return Status.NOTHING_NOW;
            }
            generate(out, allowed);
            pace.spent(allowed);
            left -= allowed;
            if (next >= askAt) {
                ask();
            }
        }
        return Status.MORE;
    }

    private void generate(Output<T> out, int number) throws Exception {
        long to = next + number;
        while (next < to) {
            long index = next;
            current = index;
            random.reset(seed, index);
            T record = generator.generate(index, random);
            next = index + 1;
            out.emit(record);
        }
    }

    private boolean nextRange() {
        IndexRange range = waiting.poll();
        if (range == null) {
            ask();
            return false;
        }
        next = range.next();
        end = range.end();
        askAt = end - (end - next) / 4;
        return true;
    }

    private void ask() {
        if (waiting.isEmpty() && !requested && !noMore) {
            requested = true;
            context.requestSplit();
        }
    }

    @Override
    public List<IndexRange> snapshot(long checkpointId) {
        List<IndexRange> ranges = new ArrayList<>();
        if (next < end) {
            ranges.add(new IndexRange(next, end));
        }
        ranges.addAll(waiting);
        return List.copyOf(ranges);
    }

    /** Of the ranges that this reader holds. */
    @Override
    public OptionalLong pendingRecords() {
        long pending = end - next;
        for (IndexRange range : waiting) {
            pending += range.end() - range.next();
        }
        return OptionalLong.of(pending);
    }

    @Override
    public String position() {
        return current < 0 ? "before the first record" : "record " + current + " of seed " + seed;
    }
}
