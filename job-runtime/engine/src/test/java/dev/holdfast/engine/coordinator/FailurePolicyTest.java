package dev.holdfast.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.FailurePolicy.Next;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.Timeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailurePolicyTest {
    private static final RestartStrategy ENDLESS = new RestartStrategy.ExponentialDelay(
            Duration.ofSeconds(1), Duration.ofMinutes(1), 2, 0, Duration.ofHours(1));
    private static final FailurePolicy.Facts FIRST_START =
            new FailurePolicy.Facts(null, null, new RestoreRequest.Latest());

    private final FailurePolicy policy = new FailurePolicy(new JobSettings(
            new JobRoot("n", "j", "1"),
            "j",
            new CheckpointSettings(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 2, true, false),
            ENDLESS,
            1,
            new RestoreRequest.Latest(),
            "",
            false,
            Timeouts.DEFAULTS));

    @Test
    void restartsAfterAnErrorThatMayPass() {
        assertThat(decide(new Failure("HF-RUN-001", "it broke", false))).isEqualTo(new Next.Restart(0));
        assertThat(decide(new Failure("HF-RUN-001", "it broke", false))).isEqualTo(new Next.Restart(1_000));
    }

    @Test
    void givesUpAfterAnUnrecoverableErrorWithoutAskingTheStrategy() {
        assertThat(decide(new Failure("HF-SNK-001", "it is gone", true)))
                .isEqualTo(new Next.GiveUp("HF-SNK-001: it is gone"));
    }

    @Test
    void givesUpWhenThereIsNoOtherCheckpointForADamagedOne() {
        assertThat(decide(new Failure("HF-CKP-003", "it is damaged", false)))
                .isEqualTo(new Next.GiveUp("HF-CKP-003: it is damaged"));
    }

    @Test
    void doesNotTakeAnErrorForHopelessByItsCodeAlone() {
        assertThat(decide(new Failure("HF-TYP-002", "it broke", false))).isEqualTo(new Next.Restart(0));
    }

    private Next decide(Failure failure) {
        return policy.failed(failure, FIRST_START, 0, 0.5);
    }
}
