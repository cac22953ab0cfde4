package dev.holdfast.engine.task;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.protocol.Failure;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Commits with patience: a commit that fails is tried again, since its outcome may be unknown and it may be repeated. When the
 * tries are used up the attempt fails, and the next one commits the same again: a commit is never passed over. One that says
 * that it can never succeed is not tried again: the job ends, and the next start of the job commits the same again.
 */
final class Committing {
    /** Tries before the attempt fails. With the pauses between them about 12 s: longer than a broker's fail-over. */
    private static final int TRIES = 8;

    private static final long FIRST_PAUSE_MS = 100;

    private Committing() {}

    /**
     * Blocks until all is committed.
     *
     * @param ended whether nobody waits any more, so that no further try makes sense
     */
    static void commit(
            String sink,
            TransactionalSink.Committer<Object> committer,
            List<Object> committables,
            Env env,
            BooleanSupplier ended)
            throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                committer.commit(committables);
                return;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                boolean unrecoverable = Failure.isUnrecoverable(e);
                if (unrecoverable || tried == TRIES || ended.getAsBoolean()) {
                    throw new HoldfastException(
                            "HF-SNK-001",
                            "sink '" + sink + "' could not commit " + committables.size() + " committables in " + tried
                                    + (tried == 1 ? " try" : " tries") + "; the first is " + committables.getFirst()
                                    + (unrecoverable
                                            ? ". The job ends and keeps them: its next start commits them."
                                            : ". The job restarts and tries again.")
                                    + " Cause: " + e,
                            e);
                }
                env.blocking().pause(FIRST_PAUSE_MS << (tried - 1));
            }
        }
    }
}
