package dev.holdfast.simulation.world;

import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TwoPhaseCommitSink;
import dev.holdfast.api.type.Type;
import dev.holdfast.simulation.workload.Row;

/** The same system by the two-phase base class: rows go to an open transaction at once. */
final class TwoPhaseSink extends TwoPhaseCommitSink<Row, Ledger.Tx> {
    private final Ledger ledger;
    private final LedgerClient client;
    private long begun;

    TwoPhaseSink(Ledger ledger, LedgerClient client) {
        super(Type.of(Ledger.Tx.class));
        this.ledger = ledger;
        this.client = client;
    }

    @Override
    protected Ledger.Tx begin(SinkContext context) {
        return new Ledger.Tx(context.jobId(), context.operatorName(), context.index(), context.attempt(), ++begun);
    }

    @Override
    protected void invoke(Ledger.Tx tx, Row row) {
        ledger.add(tx, row);
    }

    @Override
    protected void preCommit(Ledger.Tx tx) {
        client.call("prepare " + tx, () -> ledger.prepare(tx));
    }

    @Override
    protected void commit(Ledger.Tx tx) {
        client.call("commit " + tx, () -> ledger.commit(tx));
    }

    @Override
    protected void abort(Ledger.Tx tx) {
        client.call("abort " + tx, () -> ledger.abort(tx));
    }

    @Override
    protected void recover(SinkContext context) {
        client.call("recover " + context.index(), () -> ledger.fence(tx -> TransactionSink.isLeftOver(tx, context)));
    }
}
