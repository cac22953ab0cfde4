package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.metrics.Count;
import dev.holdfast.engine.metrics.Distribution;
import org.jspecify.annotations.Nullable;

/**
 * What the checkpoints of one coordinator took, by phases. Written on the coordinator's thread, read by any; times in nanoseconds.
 * Checkpoints that failed count in {@link #failed} alone.
 */
public final class CheckpointMetrics {
    private final Count completed = new Count();
    private final Count failed = new Count();
    private final Count uploadedBytes = new Count();
    private final Distribution durationNs = new Distribution();
    private final Distribution acknowledgeNs = new Distribution();
    private final Distribution storeNs = new Distribution();
    private final Distribution commitNs = new Distribution();

    CheckpointMetrics() {}

    /** Checkpoints that are in the log. */
    public Count completed() {
        return completed;
    }

    /** Checkpoints that were too late, declined, or not written. */
    public Count failed() {
        return failed;
    }

    /** Bytes written for complete checkpoints, without the manifests. */
    public Count uploadedBytes() {
        return uploadedBytes;
    }

    /** From the trigger to the log. */
    public Distribution durationNs() {
        return durationNs;
    }

    /** From the trigger to the last acknowledgement of a worker: barriers, flushes, prepares and uploads. */
    public Distribution acknowledgeNs() {
        return acknowledgeNs;
    }

    /** Manifest and log slot, from the beginning of the write; without the wait for earlier writes. */
    public Distribution storeNs() {
        return storeNs;
    }

    /** From the log to the last worker that has committed. */
    public Distribution commitNs() {
        return commitNs;
    }

    /** All workers have committed, after a wait that began with the log; null where nobody waited. */
    void committed(Waits.@Nullable Wait wait, long nowNs) {
        if (wait != null) {
            commitNs.record(nowNs - wait.sinceNs());
        }
    }

    void completed(PendingCheckpoint checkpoint, long nowNs, long bytes) {
        completed.add(1);
        uploadedBytes.add(bytes);
        durationNs.record(nowNs - checkpoint.triggeredNs());
        acknowledgeNs.record(checkpoint.acknowledgedNs() - checkpoint.triggeredNs());
        storeNs.record(nowNs - checkpoint.storingNs());
    }
}
