package dev.holdfast.benchmarks;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;

/** The job that is measured: counts events by key, and emits every new count. Written as any user would. */
final class KeyedCount implements StreamProgram {
    static final String COUNT = "count";

    private final Events events;
    private final Tally tally;
    private final long recordsPerSecond;

    /** @param recordsPerSecond as {@link EventSource} has it */
    KeyedCount(Events events, Tally tally, long recordsPerSecond) {
        this.events = events;
        this.tally = tally;
        this.recordsPerSecond = recordsPerSecond;
    }

    /** The number of events of a key so far. */
    public record Count(long key, long count) {}

    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        graph.source("events", new EventSource(events, tally, recordsPerSecond))
                .keyBy(Long.class, Event::key)
                .process(COUNT, Count.class, Counting::new)
                .sink("check", new CheckingSink(tally));
    }

    private static final class Counting implements KeyedProcess<Long, Event, Count> {
        private final ValueState<Long> count;

        Counting(States states) {
            count = states.value("count", Long.class, 0L);
        }

        @Override
        public void process(Event event, Context<Long> context, Output<Count> out) {
            long next = count.get() + 1;
            count.set(next);
            out.emit(new Count(event.key(), next));
        }
    }

    /** Adds up what it gets for {@link Tally#verify}. */
    private record CheckingSink(Tally tally) implements AtLeastOnceSink<Count> {
        @Override
        public Writer<Count> writer(SinkContext context) {
            return new Writer<>() {
                private long outputs;
                private long checksum;

                @Override
                public void write(Count count) {
                    outputs++;
                    checksum += Tally.weight(count.key()) * count.count();
                }

                @Override
                public void close() {
                    tally.consumed(outputs, checksum);
                }
            };
        }
    }
}
