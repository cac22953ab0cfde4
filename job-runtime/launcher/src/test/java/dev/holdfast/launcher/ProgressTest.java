package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.coordinator.JobStatus;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void saysHowARunningJobIsDoing() {
        RecordCount records = new RecordCount(0);
        Progress progress = Progress.withRecords(records);
        records.count(5_000);

        assertThat(progress.line(running("", 1), 2 * SECOND_NS, 1_000_700))
                .isEqualTo("progress phase=RUNNING records=5000 records_per_s=2500 generation=3 checkpoints=4"
                        + " last_checkpoint=9 checkpoint_age_ms=700 checkpoint_ms=25 checkpoint_bytes=1234"
                        + " state_bytes=56789 failed_checkpoints=0 restarts=1");
    }

    @Test
    void leavesOutTheCheckpointWhereThereIsNone() {
        Progress progress = Progress.withRecords(new RecordCount(0));

        assertThat(progress.line(
                        new JobStatus(JobStatus.Phase.WAITING, 1, 0, 0, 0, 0, Optional.empty(), "for slots"),
                        SECOND_NS,
                        0))
                .isEqualTo("progress phase=WAITING records=0 records_per_s=0 generation=1 checkpoints=0"
                        + " failed_checkpoints=0 restarts=0 message=\"for slots\"");
    }

    @Test
    void hasNoRecordsWhereTheProcessRunsNoTasks() {
        Progress progress = Progress.withoutRecords();

        assertThat(progress.line(running("", 1), SECOND_NS, 1_000_700))
                .startsWith("progress phase=RUNNING generation=3 checkpoints=4 ");
        assertThat(progress.end(running("", 1))).startsWith("end phase=RUNNING checkpoints=4 ");
    }

    @Test
    void ratesTheTimeSinceTheLastLine() {
        RecordCount records = new RecordCount(0);
        Progress progress = Progress.withRecords(records);
        records.count(1_000);
        progress.line(running("", 0), SECOND_NS, 0);
        records.count(1_500);

        assertThat(progress.line(running("", 0), 2 * SECOND_NS, 0)).contains("records=1500 records_per_s=500 ");
    }

    @Test
    void addsUpAttempts() {
        RecordCount records = new RecordCount(0);
        records.count(1_000);
        records.count(0);
        records.count(300);

        assertThat(records.records()).isEqualTo(1_300);
    }

    @Test
    void quotesTextSoThatALineStaysALine() {
        Progress progress = Progress.withRecords(new RecordCount(0));

        assertThat(progress.end(running("a \"b\"\nc\\", 0))).endsWith(" message=\"a \\\"b\\\"\\nc\\\\\"");
    }

    private static JobStatus running(String message, int restarts) {
        return new JobStatus(
                JobStatus.Phase.RUNNING,
                3,
                restarts,
                5,
                4,
                0,
                Optional.of(new JobStatus.CheckpointInfo(9, 1_000_000, 25, 1234, 56789)),
                message);
    }
}
