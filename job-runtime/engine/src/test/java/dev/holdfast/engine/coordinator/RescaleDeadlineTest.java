package dev.holdfast.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.JobRoot;
import org.junit.jupiter.api.Test;

/** A rescale for which no checkpoint is complete in time. */
class RescaleDeadlineTest {
    private static final long DEADLINE_NS = 1_000;

    @Test
    void failsBehindItsDeadlineAndNotBefore() {
        Operations operations = new Operations(new JobRoot("test", "job", "1"));
        operations.begin(Operation.Request.rescale(4, ""), DEADLINE_NS, 1);

        assertThat(operations.expireRescale(DEADLINE_NS, 2)).isFalse();
        assertThat(operations.view().getFirst().isOpen()).isTrue();
        assertThat(operations.expireRescale(DEADLINE_NS + 1, 3)).isTrue();

        Operation failed = operations.view().getFirst();
        assertThat(failed.state()).isEqualTo(Operation.State.FAILED);
        assertThat(failed.endedWallMs()).isEqualTo(3);
        assertThat(failed.problem().orElseThrow().code()).isEqualTo("HF-CKP-014");
        assertThat(operations.expireRescale(DEADLINE_NS + 2, 4)).isFalse();
        operations.rescaled(4, 5);
        assertThat(operations.view().getFirst()).isEqualTo(failed);
    }
}
