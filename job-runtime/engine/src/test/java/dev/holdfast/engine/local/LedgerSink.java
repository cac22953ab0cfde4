package dev.holdfast.engine.local;

import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.api.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** A transactional sink whose outside world is a map that outlives every process of a test. */
final class LedgerSink<T> implements TransactionalSink<T, LedgerSink.Transaction> {
    private final Ledger<T> ledger;

    LedgerSink(Ledger<T> ledger) {
        this.ledger = ledger;
    }

    record Transaction(String job, int subtask, long attempt, long checkpoint) implements Comparable<Transaction> {
        @Override
        public int compareTo(Transaction other) {
            int byJob = job.compareTo(other.job);
            if (byJob != 0) {
                return byJob;
            }
            int bySubtask = Integer.compare(subtask, other.subtask);
            int byAttempt = Long.compare(attempt, other.attempt);
            return bySubtask != 0 ? bySubtask : byAttempt != 0 ? byAttempt : Long.compare(checkpoint, other.checkpoint);
        }
    }

    /** The outside world: what was prepared and what readers see. */
    static final class Ledger<T> {
        final TreeMap<Transaction, List<T>> prepared = new TreeMap<>();
        final TreeMap<Transaction, List<T>> committed = new TreeMap<>();
        Consumer<Transaction> committing = transaction -> {};

        List<T> visible() {
            List<T> all = new ArrayList<>();
            committed.values().forEach(all::addAll);
            return all;
        }
    }

    @Override
    public Type<Transaction> committableType() {
        return Type.of(Transaction.class);
    }

    @Override
    public Writer<T, Transaction> writer(SinkContext context) {
        return new Writer<>() {
            private List<T> open = new ArrayList<>();

            @Override
            public void write(T record) {
                open.add(record);
            }

            @Override
            public Callable<List<Transaction>> prepare(long checkpointId) {
                List<T> records = open;
                open = new ArrayList<>();
                return () -> {
                    if (records.isEmpty()) {
                        return List.of();
                    }
                    Transaction transaction =
                            new Transaction(context.jobId(), context.index(), context.attempt(), checkpointId);
                    if (ledger.committed.containsKey(transaction)
                            || ledger.prepared.put(transaction, records) != null) {
                        throw new IllegalStateException(transaction + " was prepared before");
                    }
                    return List.of(transaction);
                };
            }
        };
    }

    @Override
    public Committer<Transaction> committer(SinkContext context) {
        return new Committer<>() {
            @Override
            public void commit(List<Transaction> committables) {
                for (Transaction transaction : committables) {
                    ledger.committing.accept(transaction);
                    List<T> records = ledger.prepared.remove(transaction);
                    if (records != null) {
                        ledger.committed.put(transaction, records);
                    } else if (!ledger.committed.containsKey(transaction)) {
                        throw new IllegalStateException("lost: " + transaction + " is neither prepared nor committed");
                    }
                }
            }

            @Override
            public void abort(List<Transaction> committables) {
                committables.forEach(ledger.prepared::remove);
            }

            @Override
            public void recover() {
                ledger.prepared
                        .keySet()
                        .removeIf(transaction -> transaction.job().equals(context.jobId())
                                && transaction.attempt() < context.attempt()
                                && transaction.subtask() % context.parallelism() == context.index());
            }
        };
    }
}
