package dev.holdfast.benchmarks;

import dev.holdfast.api.Output;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes {@link Event}s at full speed, or at a given rate, until it is told to end. Reader i of p makes the indices i, i + p, i + 2p, ... */
final class EventSource implements Source<Event, EventSource.Lane, EventSource.Dealt> {
    /** As fast as it goes. */
    static final long UNLIMITED = 0;

    private final Events events;
    private final Tally tally;
    private final long recordsPerSecond;

    /** @param recordsPerSecond of all readers, or {@link #UNLIMITED} */
    EventSource(Events events, Tally tally, long recordsPerSecond) {
        this.events = events;
        this.tally = tally;
        this.recordsPerSecond = recordsPerSecond;
    }

    /**
     * The indices that one reader makes.
     *
     * @param next the first one
     * @param step from one to the next
     */
    public record Lane(int number, long next, int step) {}

    /** @param lanes that were dealt out */
    public record Dealt(int lanes) {}

    @Override
    public Type<Event> type() {
        return Type.of(Event.class);
    }

    @Override
    public Type<Lane> splitType() {
        return Type.of(Lane.class);
    }

    @Override
    public Type<Dealt> enumeratorType() {
        return Type.of(Dealt.class);
    }

    @Override
    public SplitEnumerator<Lane, Dealt> enumerator(EnumeratorContext<Lane> context, @Nullable Dealt restored) {
        return new Dealer(context);
    }

    @Override
    public SourceReader<Event, Lane> reader(ReaderContext context) {
        return new Reader();
    }

    /** Gives each reader its lane. The benchmark takes no restart, so lanes never come back. */
    private static final class Dealer implements SplitEnumerator<Lane, Dealt> {
        private final EnumeratorContext<Lane> context;
        private int dealt;

        Dealer(EnumeratorContext<Lane> context) {
            this.context = context;
        }

        @Override
        public void start() {}

        @Override
        public void splitRequested(int reader) {
            context.assign(reader, new Lane(reader, reader, context.parallelism()));
            dealt++;
        }

        @Override
        public void splitsReturned(List<Lane> splits) {
            throw new IllegalStateException("a benchmark does not restart");
        }

        @Override
        public Dealt snapshot(long checkpointId) {
            return new Dealt(dealt);
        }
    }

    private final class Reader implements SourceReader<Event, Lane> {
        private int lane = -1;
        private long next;
        private int step;
        private long firstNs;

        @Override
        public void addSplits(List<Lane> splits) {
            for (Lane split : splits) {
                lane = split.number();
                next = split.next();
                step = split.step();
            }
        }

        @Override
        public void noMoreSplits() {}

        @Override
        public Status read(Output<Event> out, int max) {
            if (lane < 0) {
                return Status.NOTHING_NOW;
            }
            if (tally.isStopping()) {
                tally.emitted(lane, step, (next - lane) / step);
                return Status.END;
            }
            if (!isDue()) {
                return Status.NOTHING_NOW;
            }
            long index = next;
            for (int i = 0; i < max; i++) {
                out.emit(events.make(index));
                index += step;
            }
            next = index;
            return Status.MORE;
        }

        private boolean isDue() {
            if (recordsPerSecond == UNLIMITED) {
                return true;
            }
            long nowNs = System.nanoTime();
            if (next == lane) {
                firstNs = nowNs;
            }
            return next - lane <= (nowNs - firstNs) * 1e-9 * recordsPerSecond;
        }

        @Override
        public List<Lane> snapshot(long checkpointId) {
            List<Lane> lanes = new ArrayList<>();
            if (lane >= 0) {
                lanes.add(new Lane(lane, next, step));
            }
            return lanes;
        }

        @Override
        public String position() {
            return "record " + next + " of lane " + lane;
        }
    }
}
