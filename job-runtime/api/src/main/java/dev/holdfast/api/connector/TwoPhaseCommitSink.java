package dev.holdfast.api.connector;

import dev.holdfast.api.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TransactionalSink} for those who know Flink's class of this name: one transaction at a time, with begin,
 * invoke, pre-commit, commit and abort. Subclasses must be stateless: all tasks share the object. What a task needs
 * belongs to the transaction.
 *
 * @param <T> records
 * @param <X> transaction: an immutable value, sufficient to commit or abort from another machine
 */
public abstract class TwoPhaseCommitSink<T, X> implements TransactionalSink<T, X> {
    private final Type<X> transactionType;

    protected TwoPhaseCommitSink(Type<X> transactionType) {
        this.transactionType = transactionType;
    }

    /** Begins a transaction; called before the first record of an interval. On the task's thread. */
    protected abstract X begin(SinkContext context) throws Exception;

    /** Adds a record to the open transaction. On the task's thread. */
    protected abstract void invoke(X transaction, T record) throws Exception;

    /** Makes the transaction durable and keeps it invisible. Off the task's thread. */
    protected abstract void preCommit(X transaction) throws Exception;

    /** Makes the transaction visible; repeatable, see {@link TransactionalSink.Committer#commit}. */
    protected abstract void commit(X transaction) throws Exception;

    /** Undoes a transaction, open or pre-committed; repeatable. */
    protected abstract void abort(X transaction) throws Exception;

    /** Commits a transaction of the restored checkpoint; the same as {@link #commit} unless overridden. */
    protected void recoverAndCommit(X transaction) throws Exception {
        commit(transaction);
    }

    /** Removes what earlier attempts left, see {@link TransactionalSink.Committer#recover}. */
    protected void recover(SinkContext context) throws Exception {}

    @Override
    public final Type<X> committableType() {
        return transactionType;
    }

    @Override
    public final Writer<T, X> writer(SinkContext context) {
        return new TransactionWriter(context);
    }

    @Override
    public final Committer<X> committer(SinkContext context) {
        return new TransactionCommitter(context);
    }

    private final class TransactionWriter implements Writer<T, X> {
        private final SinkContext context;
        private @Nullable X open;

        TransactionWriter(SinkContext context) {
            this.context = context;
        }

        @Override
        public void write(T record) throws Exception {
            X transaction = open;
            if (transaction == null) {
                transaction = begin(context);
                open = transaction;
            }
            invoke(transaction, record);
        }

        @Override
        public Callable<List<X>> prepare(long checkpointId) {
            X transaction = open;
            open = null;
            if (transaction == null) {
                return List::of;
            }
            return () -> {
                preCommit(transaction);
                return List.of(transaction);
            };
        }

        @Override
        public void close() throws Exception {
            X transaction = open;
            open = null;
            if (transaction != null) {
                TwoPhaseCommitSink.this.abort(transaction);
            }
        }
    }

    private final class TransactionCommitter implements Committer<X> {
        private final SinkContext context;
        private boolean recovered;

        TransactionCommitter(SinkContext context) {
            this.context = context;
        }

        @Override
        public void commit(List<X> transactions) throws Exception {
            for (X transaction : transactions) {
                if (recovered) {
                    TwoPhaseCommitSink.this.commit(transaction);
                } else {
                    recoverAndCommit(transaction);
                }
            }
        }

        @Override
        public void abort(List<X> transactions) throws Exception {
            for (X transaction : new ArrayList<>(transactions)) {
                TwoPhaseCommitSink.this.abort(transaction);
            }
        }

        @Override
        public void recover() throws Exception {
            TwoPhaseCommitSink.this.recover(context);
            recovered = true;
        }
    }
}
