package dev.holdfast.simulation.world;

import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.api.type.Type;
import dev.holdfast.simulation.workload.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Collects the rows of an interval and writes them as one transaction at the barrier. */
final class TransactionSink implements TransactionalSink<Row, Ledger.Tx> {
    private final Ledger ledger;
    private final LedgerClient client;

    TransactionSink(Ledger ledger, LedgerClient client) {
        this.ledger = ledger;
        this.client = client;
    }

    @Override
    public Type<Ledger.Tx> committableType() {
        return Type.of(Ledger.Tx.class);
    }

    @Override
    public Writer<Row, Ledger.Tx> writer(SinkContext context) {
        return new Writer<>() {
            private List<Row> rows = new ArrayList<>();

            @Override
            public void write(Row row) {
                rows.add(row);
            }

            @Override
            public Callable<List<Ledger.Tx>> prepare(long checkpointId) {
                List<Row> ended = rows;
                rows = new ArrayList<>();
                if (ended.isEmpty()) {
                    return List::of;
                }
                Ledger.Tx tx = new Ledger.Tx(
                        context.jobId(), context.operatorName(), context.index(), context.attempt(), checkpointId);
                return () -> {
                    client.call("prepare " + tx, () -> {
                        ended.forEach(row -> ledger.add(tx, row));
                        ledger.prepare(tx);
                    });
                    return List.of(tx);
                };
            }
        };
    }

    @Override
    public Committer<Ledger.Tx> committer(SinkContext context) {
        return new Committer<>() {
            @Override
            public void commit(List<Ledger.Tx> committables) {
                committables.forEach(tx -> client.call("commit " + tx, () -> ledger.commit(tx)));
            }

            @Override
            public void abort(List<Ledger.Tx> committables) {
                committables.forEach(tx -> client.call("abort " + tx, () -> ledger.abort(tx)));
            }

            @Override
            public void recover() {
                client.call("recover " + context.index(), () -> ledger.fence(tx -> isLeftOver(tx, context)));
            }
        };
    }

    /** Of an earlier attempt, and of a subtask that this one answers for. */
    static boolean isLeftOver(Ledger.Tx tx, SinkContext context) {
        return tx.job().equals(context.jobId())
                && tx.sink().equals(context.operatorName())
                && tx.attempt() < context.attempt()
                && tx.subtask() % context.parallelism() == context.index();
    }
}
