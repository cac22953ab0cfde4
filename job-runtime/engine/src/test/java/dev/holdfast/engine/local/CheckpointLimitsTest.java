package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.Emitter;
import dev.holdfast.api.Output;
import dev.holdfast.api.Process;
import dev.holdfast.api.Stream;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.local.CountJob.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checkpoints that are slow, overdue, or would come too close to each other. */
class CheckpointLimitsTest {
    private static final long RECORDS = 4_000;

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(12);
    /** When each checkpoint came to the source, by the world's time. */
    private final List<Long> barriersNs = new ArrayList<>();

    private long processed;

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void aCheckpointThatIsNotCompleteInTimeIsAbortedAndNothingIsLost() {
        int[] prepares = new int[1];
        SimulatedJob job =
                setup.checkpoints(settings(20, 60, 0, 1, 10)).start("a", job(() -> ++prepares[0] % 5 == 0 ? 100 : 1));
        setup.finish(job);

        assertThat(job.job().status().failedCheckpoints()).isPositive();
        assertThat(job.job().status().completedCheckpoints()).isPositive();
        assertThat(job.job().status().restarts()).isZero();
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void moreFailuresInARowThanAreToleratedRestartTheJob() {
        int[] prepares = new int[1];
        SimulatedJob job =
                setup.checkpoints(settings(20, 60, 0, 1, 1)).start("a", job(() -> ++prepares[0] <= 6 ? 100 : 1));
        setup.finish(job);

        assertThat(job.job().status().restarts()).isPositive();
        assertThat(String.join("\n", setup.world().trace()))
                .contains("RESTARTING HF-CKP-030: checkpoint 2 failed: not complete after 60 ms")
                .contains("checkpoint.tolerable-failures = 1");
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void aShorterTimeoutAndFewerToleratedFailuresCountFromTheMomentTheyAreSet() {
        SimulatedJob job = setup.checkpoints(settings(20, 5_000, 0, 1, 10)).start("a", job(() -> 100));
        setup.runToCheckpoint(job, 1);
        assertThat(job.job().control().view().failures().count()).isZero();

        job.job().control().change(settings(20, 60, 0, 1, 0), () -> {});
        assertThat(setup.world()
                        .runUntil(() -> job.job().control().view().failures().count() > 0, JobSetup.MINUTE_NS))
                .isTrue();

        assertThat(job.job().control().view().failures().entries().getFirst().text())
                .contains("not complete after 60 ms")
                .contains("checkpoint.tolerable-failures = 0");
        job.job().control().change(settings(20, 5_000, 0, 1, 10), () -> {});
        setup.finish(job);
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void theNextAttemptIsNotHeldUpByACheckpointOfTheOneBefore() {
        int[] prepares = new int[1];
        SimulatedJob job =
                setup.checkpoints(settings(20, 60, 0, 1, 0)).start("a", job(() -> ++prepares[0] <= 2 ? 100 : 1));
        setup.finish(job);

        assertThat(job.job().status().failedCheckpoints())
                .as("%s", setup.world().trace())
                .isEqualTo(1);
        assertThat(job.job().status().restarts()).isEqualTo(1);
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void failuresThatAreNotInARowAreTolerated() {
        int[] prepares = new int[1];
        SimulatedJob job =
                setup.checkpoints(settings(20, 60, 0, 1, 2)).start("a", job(() -> ++prepares[0] % 6 == 0 ? 100 : 1));
        setup.finish(job);

        assertThat(job.job().status().failedCheckpoints()).isGreaterThan(2);
        assertThat(job.job().status().restarts()).isZero();
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void aSlowPrepareDoesNotStopTheRecords() {
        long[] pauseMs = {1};
        SimulatedJob job = setup.checkpoints(settings(20, 5_000, 0, 1, 1)).start("a", job(() -> pauseMs[0]));
        setup.runToCheckpoint(job, 2);
        pauseMs[0] = 300;
        int barriers = barriersNs.size();
        assertThat(setup.world().runUntil(() -> barriersNs.size() > barriers, JobSetup.MINUTE_NS))
                .isTrue();
        long before = processed;

        setup.pass(150);

        assertThat(processed - before).as("records while the sink prepares").isGreaterThan(400);
        setup.finish(job);
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void theIntervalIsKept() {
        setup.finish(setup.checkpoints(settings(50, 5_000, 0, 1, 1)).start("a", job(() -> 1)));

        for (int i = 1; i < barriersNs.size() - 1; i++) {
            assertThat((barriersNs.get(i) - barriersNs.get(i - 1)) / 1e6).isBetween(47.0, 56.0);
        }
    }

    @Test
    void theMinimumPauseIsKept() {
        setup.finish(setup.checkpoints(settings(10, 5_000, 40, 1, 1)).start("a", job(() -> 5)));

        List<Long> loggedNs = loggedNs();
        assertThat(barriersNs).hasSizeGreaterThan(5);
        for (int i = 1; i < barriersNs.size(); i++) {
            assertThat(barriersNs.get(i) - loggedNs.get(i - 1))
                    .as("pause before %s", i)
                    .isGreaterThan(40_000_000);
        }
    }

    @Test
    void noMoreCheckpointsArePendingThanAllowed() {
        assertThat(mostPending(1)).isEqualTo(1);
    }

    @Test
    void asManyArePendingAsAllowed() {
        assertThat(mostPending(3)).isEqualTo(3);
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    private int mostPending(int allowed) {
        setup.finish(setup.checkpoints(settings(10, 5_000, 0, allowed, 1)).start("a", job(() -> 45)));
        List<Long> loggedNs = loggedNs();
        int most = 0;
        for (int i = 0; i < barriersNs.size(); i++) {
            long atNs = barriersNs.get(i);
            int complete =
                    (int) loggedNs.stream().filter(logged -> logged < atNs).count();
            most = Math.max(most, i + 1 - complete);
        }
        return most;
    }

    /** When completed checkpoints went into the log; the first slot is the Begin. */
    private List<Long> loggedNs() {
        return setup.world().trace().stream()
                .filter(line -> line.contains("putIfAbsent test/job/1/log/"))
                .skip(1)
                .map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
                .toList();
    }

    private Function<Env, Supplier<StreamProgram>> job(LongSupplier pauseMs) {
        return env -> () -> (graph, parameters) -> {
            Stream<Long> numbers =
                    graph.source("numbers", new NumberSource<>(Type.of(Long.class), RECORDS, 100, n -> n, 1_000_000));
            numbers.process("watch", Long.class, states -> new Watching())
                    .keyBy(Long.class, n -> n % CountJob.KEYS)
                    .process("count", Count.class, CountJob.Counting::new)
                    .sink("counts", new SlowSink<>(new LedgerSink<>(ledger), env, pauseMs));
        };
    }

    private final class Watching implements Process<Long, Long> {
        private int index;

        @Override
        public void open(dev.holdfast.api.OperatorContext context) {
            index = context.index();
        }

        @Override
        public void process(Long value, Emitter emitter, Output<Long> out) {
            processed++;
            out.emit(value);
        }

        @Override
        public void beforeCheckpoint(long checkpointId) {
            if (index == 0) {
                barriersNs.add(setup.world().nowNs());
            }
        }
    }

    private static CheckpointSettings settings(
            long intervalMs, long timeoutMs, long pauseMs, int concurrent, int tolerable) {
        return new CheckpointSettings(
                Duration.ofMillis(intervalMs),
                Duration.ofMillis(timeoutMs),
                Duration.ofMillis(pauseMs),
                concurrent,
                tolerable,
                2,
                true,
                false);
    }
}
