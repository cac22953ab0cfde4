package dev.holdfast.engine.local;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;

/** Counts numbers by their remainder, and emits every update. */
final class CountJob implements StreamProgram {
    static final int KEYS = 37;

    private final LedgerSink.Ledger<Count> ledger;
    private final long records;

    private final long splitSize;

    CountJob(LedgerSink.Ledger<Count> ledger, long records) {
        this(ledger, records, 100);
    }

    CountJob(LedgerSink.Ledger<Count> ledger, long records, long splitSize) {
        this.ledger = ledger;
        this.records = records;
        this.splitSize = splitSize;
    }

    public record Count(long key, long count) {}

    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        graph.source("numbers", new NumberSource<>(Type.of(Long.class), records, splitSize, n -> n))
                .keyBy(Long.class, n -> n % KEYS)
                .process("count", Count.class, Counting::new)
                .sink("counts", new LedgerSink<>(ledger));
    }

    static final class Counting implements KeyedProcess<Long, Long, Count> {
        private final ValueState<Long> count;

        Counting(States states) {
            count = states.value("count", Long.class, 0L);
        }

        @Override
        public void process(Long value, Context<Long> context, Output<Count> out) {
            long next = count.get() + 1;
            count.set(next);
            out.emit(new Count(context.key(), next));
        }
    }
}
