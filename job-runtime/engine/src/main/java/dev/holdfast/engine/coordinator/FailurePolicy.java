package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.checkpoint.RestoredFrom;
import dev.holdfast.engine.protocol.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows a failed attempt. The first that applies:
 *
 * <ol>
 *   <li>The restored checkpoint is damaged and the next older one may take its place: never that of one which a person chose, and
 *       not if the damage may be in what is to be committed.
 *   <li>The next attempt would fail in the same way, since it restores the same damage or the error says so ({@link
 *       dev.holdfast.api.UnrecoverableException}): the job ends, and says why.
 *   <li>The restart strategy decides.
 * </ol>
 */
final class FailurePolicy {
    /** No strategy looks further back than it allows restarts; this many a second apart is half an hour. */
    private static final int MAX_KEPT = 2_000;

    private final RestartStrategy strategy;
    private final boolean restoreOlderWhenDamaged;
    private final List<Long> failuresMs = new ArrayList<>();

    FailurePolicy(JobSettings settings) {
        this.strategy = settings.restart();
        this.restoreOlderWhenDamaged = settings.checkpoint().restoreOlderWhenDamaged();
    }

    /** What is to happen. */
    sealed interface Next {
        /** Begin anew without this checkpoint. */
        record GoBack(long checkpointId) implements Next {}

        /** The job has failed for good. */
        record GiveUp(String text) implements Next {}

        record Restart(long delayMs) implements Next {}
    }

    /** What an attempt that failed had begun from. */
    record Facts(@Nullable RestorePoint restored, @Nullable RestorePoint toCommit, RestoreRequest request) {}

    /** Adds a failure and decides on it; {@code chance} is uniform in [0, 1). */
    Next failed(Failure failure, Facts facts, long nowMs, double chance) {
        RestorePoint from = facts.restored();
        boolean damaged = JobErrors.isDamage(failure.code());
        if (from != null && damaged && mayGoBack(from, facts)) {
            return new Next.GoBack(from.manifest().checkpointId());
        }
        if (damaged || failure.unrecoverable()) {
            return new Next.GiveUp(failure.message());
        }
        if (!failuresMs.isEmpty() && strategy.forgets(failuresMs.getLast(), nowMs)) {
            failuresMs.clear();
        }
        if (failuresMs.size() == MAX_KEPT) {
            failuresMs.removeFirst();
        }
        failuresMs.add(nowMs);
        return switch (strategy.decide(List.copyOf(failuresMs), chance)) {
            case RestartStrategy.Decision.GiveUp(String reason) ->
                new Next.GiveUp(failure.message() + " (" + reason + ")");
            case RestartStrategy.Decision.Restart(long delayMs) -> new Next.Restart(delayMs);
        };
    }

    private boolean mayGoBack(RestorePoint from, Facts facts) {
        RestorePoint commit = facts.toCommit();
        return restoreOlderWhenDamaged
                && facts.request() instanceof RestoreRequest.Latest
                && from.from() instanceof RestoredFrom.Checkpoint
                && (commit == null
                        || commit.manifest().checkpointId() == from.manifest().checkpointId());
    }
}
