package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.local.CountJob.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a job whose tasks fail is started again: read from the trace, in virtual time. */
class RestartTest {
    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(1).checkpoints(JobSetup.every(20));

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void noneGivesUpAtTheFirstFailure() {
        JobStatus status = endWithFailures(new RestartStrategy.None(), 1);

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.restarts()).isZero();
    }

    @Test
    void fixedDelayRestartsAtOnceThenAfterItsDelayAndThenGivesUp() {
        JobStatus status = endWithFailures(new RestartStrategy.FixedDelay(3, Duration.ofSeconds(7)), 100);

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.restarts()).isEqualTo(3);
        assertThat(status.message()).contains("failure 4 after 3 restarts");
        assertThat(delaysMs()).hasSize(3);
        assertThat(delaysMs().get(0)).isLessThan(100);
        assertThat(delaysMs().subList(1, 3))
                .allSatisfy(delay -> assertThat(delay).isBetween(7_000L, 7_100L));
    }

    @Test
    void exponentialDelayDoublesUpToItsMaximumAndBeginsAnewAfterAQuietTime() {
        RestartStrategy strategy = new RestartStrategy.ExponentialDelay(
                Duration.ofSeconds(1), Duration.ofSeconds(3), 2, 0, Duration.ofSeconds(10));
        Trouble trouble = new Trouble().plan("enumerator start", 5);
        SimulatedJob job = start(setup.restart(strategy), 1_000_000, trouble);
        assertThat(setup.world().runUntil(() -> job.job().status().restarts() == 5, JobSetup.MINUTE_NS))
                .isTrue();
        setup.pass(12_000);
        trouble.plan("beforeCheckpoint", 1);
        assertThat(setup.world().runUntil(() -> job.job().status().restarts() == 6, JobSetup.MINUTE_NS))
                .isTrue();

        List<Long> delaysMs = delaysMs();
        assertThat(delaysMs).hasSize(6);
        assertThat(delaysMs.get(0)).isLessThan(100);
        assertThat(delaysMs.get(1)).isBetween(1_000L, 1_100L);
        assertThat(delaysMs.get(2)).isBetween(2_000L, 2_100L);
        assertThat(delaysMs.get(3)).isBetween(3_000L, 3_100L);
        assertThat(delaysMs.get(4)).isBetween(3_000L, 3_100L);
        assertThat(delaysMs.get(5)).isLessThan(100);
    }

    @Test
    void failureRateGivesUpWhenTooManyFailuresFallIntoItsInterval() {
        JobStatus status =
                endWithFailures(new RestartStrategy.FailureRate(2, Duration.ofMinutes(1), Duration.ofSeconds(1)), 100);

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.restarts()).isEqualTo(2);
        assertThat(status.message()).contains("3 failures within PT1M, allowed are 2");
    }

    @Test
    void failureRateGoesOnWhenFailuresAreFarApart() {
        Trouble trouble = new Trouble();
        SimulatedJob job = start(
                setup.restart(new RestartStrategy.FailureRate(1, Duration.ofSeconds(1), Duration.ofMillis(10))),
                1_000_000,
                trouble);
        for (int failure = 1; failure <= 4; failure++) {
            trouble.plan("beforeCheckpoint", 1);
            int restarts = failure;
            assertThat(setup.world().runUntil(() -> job.job().status().restarts() == restarts, JobSetup.MINUTE_NS))
                    .as("%s", job.job().status())
                    .isTrue();
            setup.pass(1_500);
        }
        assertThat(job.isOver()).isFalse();
    }

    @Test
    void aFinishedJobStartedAgainSaysSoAndRunsNothing() {
        SimulatedJob job = setup.start("a", () -> new SlowCount(ledger, 1_000));
        setup.end(job);
        LedgerSink.Ledger<Count> second = new LedgerSink.Ledger<>();

        JobStatus status = setup.end(setup.start("b", () -> new SlowCount(second, 1_000)));

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FINISHED);
        assertThat(status.message()).isEqualTo("the job had finished before");
        assertThat(second.visible()).as("nothing runs").isEmpty();
        assertThat(setup.world().trace()).noneMatch(line -> line.contains(" b DEPLOYING"));
    }

    private JobStatus endWithFailures(RestartStrategy strategy, int failures) {
        return setup.end(start(setup.restart(strategy), 2_000, new Trouble().plan("open", failures)));
    }

    private SimulatedJob start(JobSetup with, long records, Trouble trouble) {
        return with.start("a", () -> new TroubledJob(ledger, records, trouble));
    }

    /** From each RESTARTING to the DEPLOYING that follows. */
    private List<Long> delaysMs() {
        List<Long> delays = new ArrayList<>();
        long failedNs = -1;
        for (String line : setup.world().trace()) {
            long atNs = Long.parseLong(line.substring(0, line.indexOf(' ')));
            if (line.contains(" a RESTARTING")) {
                failedNs = atNs;
            } else if (line.contains(" a DEPLOYING") && failedNs >= 0) {
                delays.add((atNs - failedNs) / 1_000_000);
                failedNs = -1;
            }
        }
        return delays;
    }
}
