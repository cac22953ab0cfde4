package dev.holdfast.engine.local;

import dev.holdfast.api.Output;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Numbers in splits of a fixed size, each number once: what a test needs of a source. */
final class NumberSource<T> implements Source<T, NumberSource.Range, NumberSource.Remaining> {
    private final Type<T> type;
    private final long count;
    private final long splitSize;
    private final LongFunction<T> make;
    private final long pauseNs;

    NumberSource(Type<T> type, long count, long splitSize, LongFunction<T> make) {
        this(type, count, splitSize, make, 0);
    }

    /** @param pauseNs after each read of some four records */
    NumberSource(Type<T> type, long count, long splitSize, LongFunction<T> make, long pauseNs) {
        this.type = type;
        this.count = count;
        this.splitSize = splitSize;
        this.make = make;
        this.pauseNs = pauseNs;
    }

    record Range(long next, long end) {}

    record Remaining(long firstUnassigned, List<Range> returned) {}

    @Override
    public Type<T> type() {
        return type;
    }

    @Override
    public Type<Range> splitType() {
        return Type.of(Range.class);
    }

    @Override
    public Type<Remaining> enumeratorType() {
        return Type.of(Remaining.class);
    }

    @Override
    public SplitEnumerator<Range, Remaining> enumerator(EnumeratorContext<Range> context, Remaining restored) {
        return new SplitEnumerator<>() {
            private long first = restored == null ? 0 : restored.firstUnassigned();
            private final ArrayDeque<Range> returned =
                    new ArrayDeque<>(restored == null ? List.of() : restored.returned());

            @Override
            public void start() {}

            @Override
            public void splitRequested(int reader) {
                if (!returned.isEmpty()) {
                    context.assign(reader, returned.remove());
                } else if (first < count) {
                    context.assign(reader, new Range(first, Math.min(count, first + splitSize)));
                    first += splitSize;
                } else {
                    context.noMoreSplits(reader);
                }
            }

            @Override
            public void splitsReturned(List<Range> splits) {
                returned.addAll(splits);
            }

            @Override
            public Remaining snapshot(long checkpointId) {
                return new Remaining(first, new ArrayList<>(returned));
            }
        };
    }

    @Override
    public SourceReader<T, Range> reader(ReaderContext context) {
        return new SourceReader<>() {
            private final ArrayDeque<Range> splits = new ArrayDeque<>();
            private boolean last;
            private boolean asked = true;
            private long next = -1;
            private long pausedUntilNs = Long.MIN_VALUE;

            @Override
            public void addSplits(List<Range> added) {
                splits.addAll(added);
                asked = false;
            }

            @Override
            public void noMoreSplits() {
                last = true;
            }

            @Override
            public Status read(Output<T> out, int max) {
                if (context.nowNs() < pausedUntilNs) {
                    return Status.NOTHING_NOW;
                }
                Range split = splits.poll();
                if (split == null) {
                    if (!last && !asked) {
                        asked = true;
                        context.requestSplit();
                    }
                    return last ? Status.END : Status.NOTHING_NOW;
                }
                next = split.next();
                long end = Math.min(split.end(), next + Math.min(max, 4));
                while (next < end) {
                    out.emit(make.apply(next++));
                }
                if (end < split.end()) {
                    splits.addFirst(new Range(end, split.end()));
                }
                pausedUntilNs = pauseNs == 0 ? Long.MIN_VALUE : context.nowNs() + pauseNs;
                return Status.MORE;
            }

            @Override
            public List<Range> snapshot(long checkpointId) {
                return List.copyOf(splits);
            }

            @Override
            public String position() {
                return "number " + (next - 1);
            }
        };
    }
}
