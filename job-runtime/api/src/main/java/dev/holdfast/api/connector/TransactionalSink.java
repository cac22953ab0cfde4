package dev.holdfast.api.connector;

import dev.holdfast.api.type.Type;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A sink that shows each record exactly once, by two phases. What was written since the last barrier is made durable but
 * stays invisible ({@link Writer#prepare}); its description, the committable, becomes part of the checkpoint; once the
 * checkpoint is decided, the committable is committed, by this process or by any later one.
 *
 * <p>Order over failures: a new attempt commits all committables of the restored checkpoint, then removes everything else
 * that earlier attempts left ({@link Committer#recover}), then writes. Gray and Lamport, "Consensus on Transaction
 * Commit", calls this two-phase commit with the decision in one place: the checkpoint log.
 *
 * @param <T> records
 * @param <C> committable: an immutable value that holds all that is needed to finish from another machine
 */
public non-sealed interface TransactionalSink<T, C> extends Sink<T> {

    /** Type of the committables, for the checkpoint. */
    Type<C> committableType();

    /** Makes the writer of one task. Called after {@link Committer#recover} of all tasks, on the task's thread. */
    Writer<T, C> writer(SinkContext context) throws Exception;

    /** Makes the committer of one task, before the writer. */
    Committer<C> committer(SinkContext context) throws Exception;

    /** Writes. All calls come from the task's thread and must not block for long. */
    interface Writer<T, C> {

        void write(T record) throws Exception;

        /**
         * Ends what was written since the last call and begins anew. The returned call does the slow part off the task's
         * thread, while this writer goes on with what comes after: it makes the data durable, invisible and complete, and
         * returns the committables. No committable for nothing written.
         *
         * <p>Calls of successive checkpoints run one after the other. If a checkpoint is given up, its committables become
         * part of the next one.
         */
        Callable<List<C>> prepare(long checkpointId) throws Exception;

        /** Gives up what was not prepared. Called once at the end, also after a failure. */
        default void close() throws Exception {}
    }

    /** Decides the fate of committables. Calls may block; they never come at the same time for one task. */
    interface Committer<C> {

        /**
         * Makes the data of these committables visible. Must have the same effect when it is repeated, after any delay and
         * from any machine. Throwing leads to another try and in the end fails the job; returning without effect loses
         * data. A committable that can never be committed must throw.
         */
        void commit(List<C> committables) throws Exception;

        /** Removes prepared data that will never be committed: its checkpoint has no decision and never will. */
        void abort(List<C> committables) throws Exception;

        /**
         * Removes whatever earlier attempts of this job left behind for this task. With {@code index} i of p, a task answers for
         * all earlier tasks j with j mod p = i: it has been given their committables to commit before, and now removes what else
         * they left. Called once for each attempt, also the first.
         */
        default void recover() throws Exception {}

        /** Called once at the end, also after a failure. */
        default void close() throws Exception {}
    }
}
