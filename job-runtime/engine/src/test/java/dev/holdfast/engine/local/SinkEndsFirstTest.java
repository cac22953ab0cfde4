package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.type.Type;
import dev.holdfast.engine.local.CountJob.Count;
import org.junit.jupiter.api.Test;

/** Calls into a sink that are still under way when their attempt has failed. */
class SinkEndsFirstTest {
    private static final long RECORDS = 3_000;

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(14).checkpoints(JobSetup.every(20));
    private final long[] pauseMs = {1};
    private boolean throwSoon;

    @Test
    void aLatePrepareLeavesNothingBehindTheRecoveryOfTheNextAttempt() {
        SimulatedJob job = start();
        setup.runToCheckpoint(job, 3);
        pauseMs[0] = 400;
        setup.pass(30);
        throwSoon = true;
        setup.pass(20);
        pauseMs[0] = 1;

        setup.finish(job);

        assertThat(job.job().status().restarts()).isEqualTo(1);
        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    @Test
    void aCommitIsNotBegunAnewWhileTheOneOfTheFailedAttemptRuns() {
        int[] inside = new int[1];
        SimulatedJob job = start();
        ledger.committing = transaction -> {
            assertThat(++inside[0])
                    .as("commits of one sink at a time, at most one for each task")
                    .isLessThanOrEqualTo(2);
            try {
                job.process().env().blocking().pause(pauseMs[0]);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                inside[0]--;
            }
        };
        setup.runToCheckpoint(job, 3);
        pauseMs[0] = 300;
        setup.pass(40);
        throwSoon = true;
        setup.pass(20);

        pauseMs[0] = 1;
        setup.finish(job);

        assertThat(job.job().status().restarts()).isEqualTo(1);
        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    private SimulatedJob start() {
        return setup.start(
                "a",
                env -> () -> (graph, parameters) -> graph.source(
                                "numbers", new NumberSource<>(Type.of(Long.class), RECORDS, 100, n -> n, 1_000_000))
                        .map(Long.class, n -> {
                            if (throwSoon) {
                                throwSoon = false;
                                throw new IllegalStateException("planned");
                            }
                            return n;
                        })
                        .keyBy(Long.class, n -> n % CountJob.KEYS)
                        .process("count", Count.class, CountJob.Counting::new)
                        .sink("counts", new SlowSink<>(new LedgerSink<>(ledger), env, () -> pauseMs[0])));
    }
}
