package dev.holdfast.benchmarks.exchange;

import dev.holdfast.api.Emitter;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.Process;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.benchmarks.Event;
import dev.holdfast.benchmarks.Events;
import dev.holdfast.connector.datagen.Datagen;
import dev.holdfast.connector.datagen.Discard;

/**
 * Two tasks that send each other all that they make, as fast as it goes. A task says now and then how much it has got: {@code received
 * subtask=1 records=1000000 at_ns=...}, by the machine's monotonic clock.
 */
public final class CrossingProgram implements StreamProgram {
    private static final int EVENTS = 1 << 9;
    private static final long SAY_EVERY = 1 << 16;

    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        graph.source("numbers", Datagen.of(Long.class, 1, (index, random) -> index))
                .process("send", Event.class, states -> new Send())
                .keyBy(Long.class, Event::key)
                .process("receive", Long.class, states -> new Receive())
                .sink("nowhere", Discard.sink());
    }

    /** The same few thousand records again and again: what makes them is not what is measured. */
    private static final class Send implements Process<Long, Event> {
        private final Event[] events = new Event[EVENTS];

        @Override
        public void open(OperatorContext context) {
            Events made = new Events(0, EVENTS);
            long[] keys = OtherTask.keys(context.index(), EVENTS);
            for (int i = 0; i < EVENTS; i++) {
                events[i] = made.make(i).withKey(keys[i]);
            }
        }

        @Override
        public void process(Long number, Emitter context, Output<Event> out) {
            out.emit(events[(int) (number & EVENTS - 1)]);
        }
    }

    private static final class Receive implements KeyedProcess<Long, Event, Long> {
        private int index;
        private long records;

        @Override
        public void open(OperatorContext context) {
            index = context.index();
        }

        @Override
        public void process(Event event, Context<Long> context, Output<Long> out) {
            if (++records % SAY_EVERY == 0) {
                System.out.println("received subtask=" + index + " records=" + records + " at_ns=" + System.nanoTime());
            }
        }
    }
}
