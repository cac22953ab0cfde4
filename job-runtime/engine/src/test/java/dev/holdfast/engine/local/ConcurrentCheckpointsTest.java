package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several checkpoints at once, of which only the newest is retained: none refers to an object that was collected. */
class ConcurrentCheckpointsTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int RECORDS = 60_000;
    private static final CheckpointSettings THREE_AT_ONCE =
            new CheckpointSettings(Duration.ofMillis(10), Duration.ofSeconds(5), Duration.ZERO, 3, 3, 1, true, false);

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

    private static SimulatedJob start(
            SimulatedWorld world, String name, MemoryObjectStore store, LedgerSink.Ledger<CountJob.Count> ledger) {
        return SimulatedJob.start(
                world, name, store, 2, () -> new CountJob(ledger, RECORDS), THREE_AT_ONCE, new RestoreRequest.Latest());
    }
}
