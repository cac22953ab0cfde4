package dev.holdfast.simulation.workload;

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
import org.jspecify.annotations.Nullable;

/**
 * Numbers in splits, each number once. A bounded one has all splits from the start. An endless one finds them one by one, has no end,
 * and gives no more than its numbers all the same.
 */
final class NumberSource<T> implements Source<T, NumberSource.Range, NumberSource.Progress> {
    private static final long DISCOVER_MS = 15;
    private static final int AT_ONCE = 4;

    private final Type<T> type;
    private final Numbers numbers;
    private final LongFunction<T> make;

    /**
     * What a source gives.
     *
     * @param count of numbers, from 0
     * @param splitSize of a split, the last may be shorter
     * @param pauseUs of a reader after some four numbers
     */
    record Numbers(long count, long splitSize, long pauseUs, boolean endless) {}

    NumberSource(Type<T> type, Numbers numbers, LongFunction<T> make) {
        this.type = type;
        this.numbers = numbers;
        this.make = make;
    }

    record Range(long next, long end) {}

    record Progress(long unassigned, List<Range> returned) {}

    @Override
    public Type<T> type() {
        return type;
    }

    @Override
    public Type<Range> splitType() {
        return Type.of(Range.class);
    }

    @Override
    public Type<Progress> enumeratorType() {
        return Type.of(Progress.class);
    }

    @Override
    public SplitEnumerator<Range, Progress> enumerator(EnumeratorContext<Range> context, @Nullable Progress restored) {
        return new Splits(numbers, context, restored == null ? new Progress(0, List.of()) : restored);
    }

    @Override
    public SourceReader<T, Range> reader(ReaderContext context) {
        return new Reader<>(numbers, make, context);
    }

    private static final class Splits implements SplitEnumerator<Range, Progress> {
        private final Numbers numbers;
        private final EnumeratorContext<Range> context;
        private final ArrayDeque<Range> returned;
        private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
        private long unassigned;
        private long found;

        Splits(Numbers numbers, EnumeratorContext<Range> context, Progress progress) {
            this.numbers = numbers;
            this.context = context;
            this.returned = new ArrayDeque<>(progress.returned());
            this.unassigned = progress.unassigned();
            this.found = numbers.endless() ? unassigned : numbers.count();
        }

        @Override
        public void start() {
            if (numbers.endless()) {
                context.schedule(DISCOVER_MS, nothing -> discover());
            }
        }

        private void discover() {
            found = Math.min(numbers.count(), found + numbers.splitSize());
            for (int i = waiting.size(); i > 0; i--) {
                splitRequested(waiting.remove());
            }
            if (found < numbers.count()) {
                context.schedule(DISCOVER_MS, nothing -> discover());
            }
        }

        @Override
        public void splitRequested(int reader) {
            if (!returned.isEmpty()) {
                context.assign(reader, returned.remove());
            } else if (unassigned < found) {
                long end = Math.min(found, unassigned + numbers.splitSize());
                context.assign(reader, new Range(unassigned, end));
                unassigned = end;
            } else if (numbers.endless()) {
                waiting.add(reader);
            } else {
                context.noMoreSplits(reader);
            }
        }

        @Override
        public void splitsReturned(List<Range> splits) {
            returned.addAll(splits);
        }

        @Override
        public Progress snapshot(long checkpointId) {
            return new Progress(unassigned, new ArrayList<>(returned));
        }
    }

    private static final class Reader<T> implements SourceReader<T, Range> {
        private final Numbers numbers;
        private final LongFunction<T> make;
        private final ReaderContext context;
        private final ArrayDeque<Range> splits = new ArrayDeque<>();
        private boolean last;
        private boolean asked = true;
        private long next;
        private long pausedUntilNs = Long.MIN_VALUE;

        Reader(Numbers numbers, LongFunction<T> make, ReaderContext context) {
            this.numbers = numbers;
            this.make = make;
            this.context = context;
        }

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
            long end = Math.min(split.end(), next + Math.min(max, AT_ONCE));
            while (next < end) {
                out.emit(make.apply(next++));
            }
            if (end < split.end()) {
                splits.addFirst(new Range(end, split.end()));
            }
            pausedUntilNs = context.nowNs() + numbers.pauseUs() * 1_000;
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
    }
}
