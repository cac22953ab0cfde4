package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.checkpoint.RestoredFrom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the next attempt starts from, and what it has to commit first. On the coordinator's thread. */
final class StartPoint {
    private final JobStore store;
    private final Set<Long> damaged = new HashSet<>();
    private RestoreRequest request;
    private @Nullable RestorePoint restore;
    private @Nullable RestorePoint commit;
    private List<Long> givenUp = List.of();

    StartPoint(JobStore store, RestoreRequest request) {
        this.store = store;
        this.request = request;
    }

    /** What a generation that begins is asked to restore. */
    RestoreRequest request() {
        return request;
    }

    /** Checkpoints that a restore failed on. */
    Set<Long> damaged() {
        return Set.copyOf(damaged);
    }

    void damaged(long checkpointId) {
        damaged.add(checkpointId);
    }

    /** Whether what would be restored is known to be damaged, so that another generation has to choose again. */
    boolean isDamaged() {
        RestorePoint from = restore;
        return from != null && damaged.contains(from.manifest().checkpointId());
    }

    @Nullable RestorePoint restore() {
        return restore;
    }

    /** The checkpoint whose transactions may not all be committed, or null. */
    @Nullable RestorePoint commit() {
        return commit;
    }

    FailurePolicy.Facts facts() {
        return new FailurePolicy.Facts(restore, commit, request);
    }

    void begun(JobStore.Begun begun) {
        request = begun.request();
        restore = begun.restore();
        commit = begun.commit();
        givenUp = begun.givenUp();
    }

    /** All workers have committed what the log had decided: that is noted. */
    void committed(CheckpointCoordinator checkpoints) {
        RestorePoint present = commit;
        if (present != null && present.from() instanceof RestoredFrom.Checkpoint decided) {
            checkpoints.recommitted(decided.checkpointId(), decided.slot());
        }
        commit = null;
        // Only now: a marker stands for all before it too.
        givenUp.forEach(checkpoints::giveUp);
        givenUp = List.of();
    }

    /** The next attempt of the same generation starts from the newest checkpoint. */
    void advance(CheckpointCoordinator checkpoints) {
        JobStore.Stored latest = checkpoints.latest();
        if (latest != null) {
            restore = point(latest);
            // What a person chose to begin from is behind.
            request = new RestoreRequest.Latest();
        }
        JobStore.Stored uncommitted = checkpoints.uncommitted();
        if (uncommitted != null) {
            commit = point(uncommitted);
        }
    }

    private RestorePoint point(JobStore.Stored stored) {
        return store.point(stored.entry(), stored.manifest(), stored.completed().checkpointId());
    }
}
