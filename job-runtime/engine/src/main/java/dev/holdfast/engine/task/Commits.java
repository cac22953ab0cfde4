package dev.holdfast.engine.task;

import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.operator.TransactionalSinkOperator;
import dev.holdfast.engine.protocol.Timeouts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commits of one transactional sink: at most one call at a time, the newest decision next. */
final class Commits {
    private static final System.Logger LOG = System.getLogger(Commits.class.getName());

    private final TransactionalSink.Committer<Object> committer;
    private final String where;
    private final Env env;
    private final Mailbox mailbox;
    private final OpenCalls calls;
    private final Timeouts timeouts;
    private @Nullable Task task;
    private volatile boolean ended;
    private long committing;
    private long wanted;

    /** @param where which task of which sink, for people */
    Commits(
            TransactionalSink.Committer<Object> committer,
            String where,
            Env env,
            Mailbox mailbox,
            OpenCalls calls,
            Timeouts timeouts) {
        this.committer = committer;
        this.where = where;
        this.env = env;
        this.mailbox = mailbox;
        this.calls = calls;
        this.timeouts = timeouts;
    }

    TransactionalSink.Committer<Object> committer() {
        return committer;
    }

    /** No new try begins any more; the task is closed. */
    void end() {
        ended = true;
        wanted = 0;
    }

    boolean isBusy() {
        return committing != 0;
    }

    /** Ends the committer; blocks. */
    void close() {
        try (OpenCalls.Call open = calls.begin(where + " in close of its committer")) {
            committer.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "error while closing a committer", e);
        }
    }

    void belongsTo(Task owner) {
        task = owner;
    }

    boolean isOpen(long checkpointId) {
        return (committing != 0 && committing <= checkpointId) || (wanted != 0 && wanted <= checkpointId);
    }

    /** Starts to commit all up to a checkpoint; false if there is nothing to commit. */
    boolean begin(TransactionalSinkOperator sink, long checkpointId) {
        if (committing != 0) {
            wanted = checkpointId;
            return true;
        }
        List<Object> committables = sink.upTo(checkpointId);
        if (committables.isEmpty()) {
            return false;
        }
        committing = checkpointId;
        env.blocking()
                .start(
                        "commit checkpoint " + checkpointId + " of sink '" + sink.name() + "'",
                        () -> {
                            try (OpenCalls.Call open = beginCommit(sink)) {
                                Committing.commit(sink.name(), committer, committables, env, () -> ended);
                            }
                            return true;
                        },
                        mailbox,
                        (done, error) -> ended(sink, checkpointId, error));
        return true;
    }

    private OpenCalls.Call beginCommit(TransactionalSinkOperator sink) {
        Task owner = task;
        return calls.begin(
                (owner == null ? where : owner.name()) + " in a commit of sink '" + sink.name() + "'",
                timeouts.commit(),
                "HF-SNK-003");
    }

    private void ended(TransactionalSinkOperator sink, long checkpointId, @Nullable Throwable error) {
        Task owner = task;
        committing = 0;
        if (owner == null || ended) {
            return;
        }
        if (error != null) {
            owner.fail(error);
            return;
        }
        sink.committed(checkpointId);
        long following = wanted;
        wanted = 0;
        if (following != 0 && begin(sink, following)) {
            owner.sinkCommitted(checkpointId);
            return;
        }
        owner.sinkCommitted(Math.max(checkpointId, following));
    }
}
