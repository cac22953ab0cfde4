package dev.holdfast.launcher;

import dev.holdfast.engine.coordinator.JobStatus;
import java.util.Locale;

/**
 * How a job is doing, as one line of {@code name=value} pairs for people and programs. Names are never taken away or given
 * another meaning; new ones may come. Text stands last, in double quotes.
 *
 * <p>Records are those that the sources have read in this process. Between two lines a restart of the tasks sets the
 * count of an attempt back, so the sum over attempts is kept here. For one thread.
 */
final class Progress {
    private long lastCount;
    private long endedAttempts;
    private long rateRecords;
    private long rateSinceNs;

    Progress(long nowNs) {
        rateSinceNs = nowNs;
    }

    /** Takes the count of the sources of the present attempt. */
    void count(long sourceRecords) {
        if (sourceRecords < lastCount) {
            endedAttempts += lastCount;
        }
        lastCount = sourceRecords;
    }

    /** All records of this process so far. */
    long records() {
        return endedAttempts + lastCount;
    }

    /** The line for now; the rate is that since the last line. */
    String line(JobStatus status, long nowNs, long nowWallMs) {
        long records = records();
        long sinceNs = Math.max(1, nowNs - rateSinceNs);
        long perSecond = Math.round((records - rateRecords) * 1e9 / sinceNs);
        rateRecords = records;
        rateSinceNs = nowNs;
        return "progress phase=" + status.phase() + " records=" + records + " records_per_s=" + perSecond
                + " checkpoints=" + status.completedCheckpoints() + lastCheckpoint(status, nowWallMs)
                + " failed_checkpoints=" + status.failedCheckpoints() + " restarts=" + status.restarts()
                + message(status);
    }

    /** The last line of a process. */
    String end(JobStatus status) {
        return "end phase=" + status.phase() + " records=" + records() + " checkpoints="
                + status.completedCheckpoints() + " failed_checkpoints=" + status.failedCheckpoints() + " restarts="
                + status.restarts() + " generation=" + status.generation() + message(status);
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

    private static String message(JobStatus status) {
        return status.message().isEmpty()
                ? ""
                : " message=\""
                        + status.message()
                                .replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n") + "\"";
    }
}
