package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several checkpoints at once, of which only the newest is retained: none refers to an object that was collected. */
class ConcurrentCheckpointsTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int RECORDS = 60_000;
    private static final CheckpointSettings THREE_AT_ONCE =
            new CheckpointSettings(Duration.ofMillis(10), Duration.ofSeconds(5), Duration.ZERO, 3, 3, 1, true, false);
    private static final CheckpointSettings THREE_AT_ONCE_ALL_RETAINED = new CheckpointSettings(
            Duration.ofMillis(10), Duration.ofSeconds(5), Duration.ZERO, 3, 3, 1_000, true, false);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noneFailsAndEachCanBeRestored(long seed) {
        LedgerSink.Ledger<CountJob.Count> ledger = new LedgerSink.Ledger<>();
        MemoryObjectStore store = new MemoryObjectStore();
        SimulatedWorld world = new SimulatedWorld(seed);
        for (int completed = 2; completed <= 4; completed++) {
            int enough = completed;
            SimulatedJob job = start(world, "killed-" + completed, store, ledger);
            world.runUntil(() -> job.job().status().completedCheckpoints() >= enough, MINUTE_NS);
            assertThat(job.job().status().failedCheckpoints())
                    .as("%s", world.trace())
                    .isZero();
            job.process().kill();
        }
        SimulatedJob last = start(world, "last", store, ledger);

        assertThat(world.runUntil(last::isOver, MINUTE_NS))
                .as("%s", world.trace())
                .isTrue();

        assertThat(last.job().status().phase()).as("%s", world.trace()).isEqualTo(JobStatus.Phase.FINISHED);
        assertThat(last.job().status().failedCheckpoints())
                .as("%s", world.trace())
                .isZero();
        assertThat(LocalJobTest.sorted(ledger.visible()))
                .isEqualTo(LocalJobTest.sorted(LocalJobTest.reference(RECORDS)));
        world.end();
    }

    /**
     * The second checkpoint is decided while the first one's last object is written. The first one is complete when the turn of the
     * log comes to it, but older than what the sinks have committed: in the log it would be the place to go on from.
     */
    @Test
    void oneThatWasOvertakenIsNotLoggedAndItsSavepointIsMadeOfTheNewerOne() {
        LedgerSink.Ledger<CountJob.Count> ledger = new LedgerSink.Ledger<>();
        Env[] process = new Env[1];
        JobSetup setup = JobSetup.of(1).checkpoints(THREE_AT_ONCE_ALL_RETAINED);
        SlowWrites slowPack =
                new SlowWrites(setup.bucket(), "checkpoints/00000000000000000001/pack", 40, () -> process[0]);
        SlowWrites slowSlot = new SlowWrites(slowPack, "log/00000000000000000002", 100, () -> process[0]);
        SimulatedJob job = setup.through(slowSlot).start("a", env -> {
            process[0] = env;
            return () -> new CountJob(ledger, RECORDS);
        });
        job.job().savepoint("mine");
        setup.runToCheckpoint(job, 2);
        assertThat(setup.world()
                        .runUntil(
                                () -> setup.bucket().get(SimulatedJob.ROOT.key("savepoints/mine/manifest")) != null,
                                MINUTE_NS))
                .as("%s", setup.world().trace())
                .isTrue();
        setup.pass(100);
        job.process().kill();

        assertThat(completed(setup).getFirst())
                .as("checkpoint 2 overtakes 1: %s", setup.world().trace())
                .isEqualTo(2);
        assertThat(completed(setup)).isSorted().doesNotHaveDuplicates();
        LogRecord.Savepoint savepoint = savepoint(setup);
        assertThat(savepoint.savepoint()).isEqualTo("mine");
        assertThat(savepoint.checkpointId()).isEqualTo(2);
        setup.finish(setup.start("b", () -> new CountJob(ledger, RECORDS)));
        assertThat(LocalJobTest.sorted(ledger.visible()))
                .isEqualTo(LocalJobTest.sorted(LocalJobTest.reference(RECORDS)));
        setup.world().end();
    }

    /** Both are made of the second checkpoint, and the one to stop with is copied last. */
    @Test
    void theJobStopsWithItsOwnSavepointThoughAnotherIsMadeOfTheSameCheckpoint() {
        LedgerSink.Ledger<CountJob.Count> ledger = new LedgerSink.Ledger<>();
        Env[] process = new Env[1];
        JobSetup setup = JobSetup.of(1).checkpoints(THREE_AT_ONCE_ALL_RETAINED);
        SlowWrites slowPack =
                new SlowWrites(setup.bucket(), "checkpoints/00000000000000000001/pack", 40, () -> process[0]);
        SlowWrites slowSlot = new SlowWrites(slowPack, "log/00000000000000000002", 100, () -> process[0]);
        SlowWrites slowCopy = new SlowWrites(slowSlot, "savepoints/last/", 300, () -> process[0]);
        SimulatedJob job = setup.through(slowCopy).start("a", env -> {
            process[0] = env;
            return () -> new CountJob(ledger, RECORDS);
        });
        job.job().savepoint("other");
        assertThat(setup.world().runUntil(() -> job.job().status().phase() == JobStatus.Phase.RUNNING, MINUTE_NS))
                .isTrue();
        setup.pass(5);
        job.job().stopWithSavepoint("last");

        assertThat(setup.end(job).phase()).as("%s", setup.world().trace()).isEqualTo(JobStatus.Phase.SUSPENDED);

        assertThat(setup.bucket().get(SimulatedJob.ROOT.key("savepoints/last/manifest")))
                .as("%s", setup.world().trace())
                .isNotNull();
        assertThat(String.join("\n", setup.world().trace()))
                .as("both are made of checkpoint 2")
                .contains("savepoints/other/manifest")
                .doesNotContain("checkpoints/00000000000000000001/manifest");
        setup.world().end();
    }

    private static List<Long> completed(JobSetup setup) {
        return setup.log().completed().stream()
                .map(entry -> ((LogRecord.Completed) entry.record()).checkpointId())
                .toList();
    }

    private static LogRecord.Savepoint savepoint(JobSetup setup) {
        return setup.log().entries().stream()
                .filter(entry -> entry.record() instanceof LogRecord.Savepoint)
                .map(entry -> (LogRecord.Savepoint) entry.record())
                .findFirst()
                .orElseThrow();
    }

    private static SimulatedJob start(
            SimulatedWorld world, String name, MemoryObjectStore store, LedgerSink.Ledger<CountJob.Count> ledger) {
        return SimulatedJob.start(
                world, name, store, 2, () -> new CountJob(ledger, RECORDS), THREE_AT_ONCE, new RestoreRequest.Latest());
    }
}
