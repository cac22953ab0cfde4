package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one coordinator, for people: the last ones each, all of them as counters. It decides nothing. Written on the
 * coordinator's thread; what {@link #view} gives is immutable.
 */
public final class CheckpointHistory {
    /** Enough to see a trend, and small. */
    private static final int KEPT = 50;

    private final LinkedHashMap<Long, Entry> entries = new LinkedHashMap<>();
    private long completed;
    private long failed;
    private long aborted;
    private Optional<JobStatus.CheckpointInfo> last = Optional.empty();
    private @Nullable Manifest manifest;

    /** How far a checkpoint has come. */
    public enum State {
        IN_PROGRESS,
        /** It is in the log. */
        COMPLETED,
        /** Too late, declined, or not written: it counts against {@code checkpoint.tolerable-failures}. */
        FAILED,
        /** A newer one overtook it, or its attempt ended: it counts for nothing. */
        ABORTED
    }

    /**
     * One checkpoint. Times are of the wall clock, in milliseconds since 1970.
     *
     * @param savepoint name of the savepoint to be made of it; empty for a periodic one
     * @param reason why it failed or was aborted; empty otherwise
     * @param endedWallMs 0 while it is in progress
     * @param durationMs from the trigger to the log or to the failure, by the monotonic clock; 0 while it is in progress
     * @param uploadedBytes what was written for it; 0 unless it is complete
     * @param fullBytes what a restore would read; 0 unless it is complete
     */
    public record Entry(
            long id,
            Optional<String> savepoint,
            State state,
            String reason,
            long attempt,
            long triggeredWallMs,
            long endedWallMs,
            long durationMs,
            long uploadedBytes,
            long fullBytes) {}

    /**
     * The history at one moment.
     *
     * @param entries the last ones, oldest first
     * @param last the newest complete one
     * @param manifest of the newest complete one
     */
    public record View(
            List<Entry> entries,
            long completed,
            long failed,
            long aborted,
            Optional<JobStatus.CheckpointInfo> last,
            Optional<Manifest> manifest) {}

    void triggered(PendingCheckpoint pending, long attempt, long wallMs) {
        entries.put(
                pending.id(),
                new Entry(pending.id(), pending.savepoint(), State.IN_PROGRESS, "", attempt, wallMs, 0, 0, 0, 0));
        if (entries.size() > KEPT) {
            entries.pollFirstEntry();
        }
    }

    void completed(PendingCheckpoint pending, Manifest stored, long nowNs, long wallMs) {
        completed++;
        manifest = stored;
        last = Optional.of(new JobStatus.CheckpointInfo(
                pending.id(),
                stored.createdWallMs(),
                (nowNs - pending.triggeredNs()) / 1_000_000,
                stored.incrementalBytes(),
                stored.fullBytes()));
        end(pending, State.COMPLETED, "", nowNs, wallMs);
    }

    void failed(PendingCheckpoint pending, String reason, long nowNs, long wallMs) {
        failed++;
        end(pending, State.FAILED, reason, nowNs, wallMs);
    }

    void aborted(PendingCheckpoint pending, String reason, long nowNs, long wallMs) {
        aborted++;
        end(pending, State.ABORTED, reason, nowNs, wallMs);
    }

    private void end(PendingCheckpoint pending, State state, String reason, long nowNs, long wallMs) {
        boolean complete = state == State.COMPLETED;
        entries.computeIfPresent(
                pending.id(),
                (id, entry) -> new Entry(
                        id,
                        entry.savepoint(),
                        state,
                        reason,
                        entry.attempt(),
                        entry.triggeredWallMs(),
                        wallMs,
                        (nowNs - pending.triggeredNs()) / 1_000_000,
                        complete
                                ? last.map(JobStatus.CheckpointInfo::uploadedBytes)
                                        .orElse(0L)
                                : 0,
                        complete ? last.map(JobStatus.CheckpointInfo::fullBytes).orElse(0L) : 0));
    }

    long completedCount() {
        return completed;
    }

    long failedCount() {
        return failed;
    }

    Optional<JobStatus.CheckpointInfo> last() {
        return last;
    }

    View view() {
        return new View(
                List.copyOf(new ArrayList<>(entries.values())),
                completed,
                failed,
                aborted,
                last,
                Optional.ofNullable(manifest));
    }
}
