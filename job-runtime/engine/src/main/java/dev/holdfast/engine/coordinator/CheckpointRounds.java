package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When checkpoints begin, time out, and count as failures. No I/O: time comes in, decisions go out.
 *
 * <p>A checkpoint is pending from {@link #add} to {@link #remove}. While one is pending longer than the timeout it is overdue,
 * unless all workers have answered. The pause counts from the end of the previous one, complete or not.
 */
final class CheckpointRounds {
    private final LiveSettings live;
    private final TreeMap<Long, PendingCheckpoint> pending = new TreeMap<>();
    private long lastTriggerNs;
    private long lastEndNs;
    private int failuresInARow;

    CheckpointRounds(LiveSettings live, long nowNs) {
        this.live = live;
        this.lastTriggerNs = nowNs;
        this.lastEndNs = nowNs - live.checkpoint().minimumPause().toNanos();
    }

    /** Whether the next periodic checkpoint is to begin now. */
    boolean isDue(long nowNs) {
        return nowNs - lastTriggerNs >= live.checkpoint().interval().toNanos() && mayTrigger(nowNs);
    }

    /** Whether another checkpoint may begin at all. */
    boolean mayTrigger(long nowNs) {
        CheckpointSettings settings = live.checkpoint();
        return pending.size() < settings.maximumConcurrent()
                && nowNs - lastEndNs >= settings.minimumPause().toNanos();
    }

    void add(PendingCheckpoint checkpoint) {
        pending.put(checkpoint.id(), checkpoint);
        lastTriggerNs = checkpoint.triggeredNs();
    }

    Optional<PendingCheckpoint> get(long id) {
        return Optional.ofNullable(pending.get(id));
    }

    boolean isPending(PendingCheckpoint checkpoint) {
        return pending.get(checkpoint.id()) == checkpoint;
    }

    void remove(long id, long nowNs) {
        if (pending.remove(id) != null) {
            lastEndNs = nowNs;
        }
    }

    /** All that are pending, oldest first. */
    List<PendingCheckpoint> pending() {
        return new ArrayList<>(pending.values());
    }

    /** The oldest one that takes too long. */
    Optional<PendingCheckpoint> overdue(long nowNs) {
        long timeoutNs = live.checkpoint().timeout().toNanos();
        return pending.values().stream()
                .filter(checkpoint -> !checkpoint.isAcknowledged() && nowNs - checkpoint.triggeredNs() > timeoutNs)
                .findFirst();
    }

    void succeeded() {
        failuresInARow = 0;
    }

    /** Counts a failed checkpoint; true if there were more in a row than are tolerated. Then it begins to count anew. */
    boolean failed() {
        failuresInARow++;
        if (failuresInARow > live.checkpoint().tolerableFailures()) {
            failuresInARow = 0;
            return true;
        }
        return false;
    }
}
