package dev.holdfast.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobViewTest {

    @Test
    void readsALineOfProgress() {
        assertThat(JobView.parse("progress phase=RUNNING generation=3 attempt=3000001 records=5000 records_per_s=2500"
                        + " checkpoints=4 last_checkpoint=9 checkpoint_age_ms=700 checkpoint_ms=25"
                        + " checkpoint_bytes=1234 state_bytes=56789 failed_checkpoints=0 restarts=1"
                        + " message=\"records=1 phase=X\""))
                .isEqualTo(new JobView("RUNNING", 3, 3000001, 5000, 4, 9, 700, 25, 1234, 1));
    }

    @Test
    void readsALineWithoutACheckpoint() {
        assertThat(JobView.parse("progress phase=WAITING records=0 checkpoints=0"))
                .isEqualTo(new JobView("WAITING", 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }
}
