package dev.holdfast.engine.local;

import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.local.CountJob.Count;

/** {@link CountJob} with a source that gives about four records in a millisecond to each reader. */
record SlowCount(LedgerSink.Ledger<Count> ledger, long records) implements StreamProgram {
    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        graph.source("numbers", new NumberSource<>(Type.of(Long.class), records, 100, n -> n, 1_000_000))
                .keyBy(Long.class, n -> n % CountJob.KEYS)
                .process("count", Count.class, CountJob.Counting::new)
                .sink("counts", new LedgerSink<>(ledger));
    }
}
