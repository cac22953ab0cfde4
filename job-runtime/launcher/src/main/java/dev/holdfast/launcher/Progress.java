package dev.holdfast.launcher;

import dev.holdfast.engine.coordinator.JobStatus;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a job is doing, as one line of {@code name=value} pairs for people and programs. Names are never taken away or given
 * another meaning; new ones may come. Text stands last, in double quotes. Records are those that the sources have read in this
 * process; a coordinator has none. For one thread.
 */
final class Progress {
    private final @Nullable RecordCount records;

    private Progress(@Nullable RecordCount records) {
        this.records = records;
    }

    /** For a process that runs tasks. */
    static Progress withRecords(RecordCount records) {
        return new Progress(records);
    }

    /** For a process that runs none. */
    static Progress withoutRecords() {
        return new Progress(null);
    }

    /** The line for now. */
    String line(JobStatus status, long nowNs, long nowWallMs) {
        return "progress phase=" + status.phase() + (records == null ? "" : records.pairs(nowNs))
                + (status.generation() == 0 ? "" : " generation=" + status.generation())
                + " checkpoints=" + status.completedCheckpoints() + lastCheckpoint(status, nowWallMs)
                + " failed_checkpoints=" + status.failedCheckpoints() + " restarts=" + status.restarts()
                + message(status.message());
    }

    /** The last line of a process. */
    String end(JobStatus status) {
        return "end phase=" + status.phase() + (records == null ? "" : " records=" + records.records())
                + " checkpoints=" + status.completedCheckpoints() + " failed_checkpoints="
                + status.failedCheckpoints() + " restarts=" + status.restarts() + " generation="
                + status.generation() + message(status.message());
    }

    private static String lastCheckpoint(JobStatus status, long nowWallMs) {
        return status.lastCheckpoint()
                .map(last -> String.format(
                        Locale.ROOT,
                        " last_checkpoint=%d checkpoint_age_ms=%d checkpoint_ms=%d checkpoint_bytes=%d state_bytes=%d",
                        last.id(),
                        Math.max(0, nowWallMs - last.completedWallMs()),
                        last.durationMs(),
                        last.uploadedBytes(),
                        last.fullBytes()))
                .orElse("");
    }

    /** Text as the last pair; nothing if there is none. */
    static String message(String text) {
        return text.isEmpty()
                ? ""
                : " message=\""
                        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
