package dev.holdfast.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.protocol.ToCoordinator;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a coordinator says it waits for, and when it waits no longer, also for a worker that says nothing at all. */
class WaitsTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long START_NS = 5 * SECOND_NS;

    private final Timeouts timeouts = Timeouts.DEFAULTS;
    private final Waits waits = new Waits(timeouts);

    private static Waits.Facts facts(Phase phase, Set<Integer> undeployed, Set<Integer> busy) {
        return new Waits.Facts(phase, undeployed, busy, null);
    }

    @Test
    void namesTheWorkersThatHaveNotDeployedUntilOneSaysMore() {
        Waits.Facts deploying = facts(Phase.DEPLOYING, Set.of(3), Set.of(3));
        waits.entered(START_NS);

        assertThat(waits.text(deploying, START_NS + SECOND_NS)).isEmpty();
        assertThat(waits.text(deploying, START_NS + 12 * SECOND_NS))
                .isEqualTo("waiting for workers [3] to deploy since 12 s");

        waits.reported(new ToCoordinator.Waiting(3, 1, "slot 1: x", 4_000), START_NS + 12 * SECOND_NS);
        assertThat(waits.text(deploying, START_NS + 13 * SECOND_NS)).isEqualTo("waiting for slot 1: x since 5 s");

        waits.reported(new ToCoordinator.Waiting(3, 1, "", 0), START_NS + 14 * SECOND_NS);
        assertThat(waits.text(deploying, START_NS + 14 * SECOND_NS)).contains("workers [3] to deploy");
    }

    @Test
    void failsTheAttemptWhenADeploymentIsOverdue() {
        Waits.Facts deploying = facts(Phase.DEPLOYING, Set.of(3), Set.of(3));
        waits.entered(START_NS);
        long limitNs = timeouts.deploy().toNanos();

        assertThat(waits.overdue(deploying, START_NS + limitNs)).isEqualTo(new Waits.Overdue.Nothing());
        assertThat(waits.overdue(deploying, START_NS + limitNs + 1))
                .isInstanceOfSatisfying(Waits.Overdue.Attempt.class, overdue -> {
                    assertThat(overdue.code()).isEqualTo("HF-RUN-012");
                    assertThat(overdue.text()).contains("task.deploy-timeout", "waiting for workers [3] to deploy");
                });
    }

    @Test
    void waitsALittleLongerForAWorkerThatDoesNotEndThanTheWorkerItself() {
        waits.attemptEnds(START_NS);
        long limitNs = timeouts.cancel().plus(Timeouts.GRACE).toNanos();
        for (Phase phase : new Phase[] {Phase.RESTARTING, Phase.STOPPING}) {
            Waits.Facts ending = facts(phase, Set.of(), Set.of(0));
            assertThat(waits.overdue(ending, START_NS + limitNs)).isEqualTo(new Waits.Overdue.Nothing());
            assertThat(waits.overdue(ending, START_NS + limitNs + 1))
                    .isInstanceOfSatisfying(
                            Waits.Overdue.Cancel.class,
                            overdue -> assertThat(overdue.text())
                                    .isEqualTo("waiting for workers [0] to end their tasks since 190 s"));
        }
    }

    @Test
    void tellsOnceASecondAndOnceMoreWhenThereIsNothingToTell() {
        Waits.Facts ending = facts(Phase.RESTARTING, Set.of(), Set.of(0));
        waits.attemptEnds(START_NS);
        long nowNs = START_NS + 3 * SECOND_NS;

        assertThat(waits.isToBeTold(ending, nowNs)).isTrue();
        assertThat(waits.isToBeTold(ending, nowNs + SECOND_NS / 2)).isFalse();
        assertThat(waits.isToBeTold(ending, nowNs + SECOND_NS)).isTrue();
        Waits.Facts over = facts(Phase.RESTARTING, Set.of(), Set.of());
        assertThat(waits.isToBeTold(over, nowNs + 2 * SECOND_NS)).isTrue();
        assertThat(waits.isToBeTold(over, nowNs + 3 * SECOND_NS)).isFalse();
    }

    @Test
    void saysNothingOfAJobThatIsOver() {
        waits.reported(new ToCoordinator.Waiting(0, 1, "slot 1: x", 4_000), START_NS);
        assertThat(waits.text(facts(Phase.INTERRUPTED, Set.of(), Set.of(0)), START_NS + 9 * SECOND_NS))
                .isEmpty();
    }
}
