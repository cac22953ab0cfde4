package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole jobs in the simulated world. */
class LocalJobTest {
    private static final long MINUTE_NS = 60_000_000_000L;

    private final LedgerSink.Ledger<CountJob.Count> ledger = new LedgerSink.Ledger<>();

    @Test
    void countsEveryRecordOnceAndFinishes() {
        SimulatedWorld world = new SimulatedWorld(1);
        SimulatedJob job =
                SimulatedJob.start(world, "a", new MemoryObjectStore(), 2, () -> new CountJob(ledger, 20_000));

        assertThat(world.runUntil(job::isOver, MINUTE_NS))
                .as("%s", world.trace())
                .isTrue();

        assertThat(job.job().status().phase()).isEqualTo(JobStatus.Phase.FINISHED);
        assertThat(job.job().status().completedCheckpoints()).isPositive();
        assertThat(sorted(ledger.visible())).isEqualTo(sorted(reference(20_000)));
        world.end();
    }

    @Test
    void goesOnFromTheBucketAloneAfterItsProcessWasKilled() {
        SimulatedWorld world = new SimulatedWorld(2);
        MemoryObjectStore store = new MemoryObjectStore();
        SimulatedJob first = SimulatedJob.start(world, "a", store, 2, () -> new CountJob(ledger, 200_000));
        assertThat(world.runUntil(() -> first.job().status().completedCheckpoints() >= 3, MINUTE_NS))
                .as("%s", world.trace())
                .isTrue();
        first.process().kill();
        SimulatedJob second = SimulatedJob.start(world, "b", store, 3, () -> new CountJob(ledger, 200_000));

        assertThat(world.runUntil(second::isOver, MINUTE_NS))
                .as("%s", world.trace())
                .isTrue();

        assertThat(second.job().status().phase()).isEqualTo(JobStatus.Phase.FINISHED);
        assertThat(second.job().status().restoredCheckpoint()).isPositive();
        assertThat(sorted(ledger.visible())).isEqualTo(sorted(reference(200_000)));
        world.end();
    }

    /** With tiny splits, assignments often reach a reader in the same turn as a trigger that was sent before them. */
    @Test
    void aSplitThatFollowsATriggerBelongsToTheNextCheckpoint() {
        for (int seed = 0; seed < 20; seed++) {
            LedgerSink.Ledger<CountJob.Count> own = new LedgerSink.Ledger<>();
            SimulatedWorld world = new SimulatedWorld(seed);
            MemoryObjectStore store = new MemoryObjectStore();
            SimulatedJob first = SimulatedJob.start(world, "a", store, 2, () -> new CountJob(own, 20_000, 2));
            world.runUntil(() -> first.job().status().completedCheckpoints() >= 2, MINUTE_NS);
            first.process().kill();
            SimulatedJob second = SimulatedJob.start(world, "b", store, 2, () -> new CountJob(own, 20_000, 2));

            assertThat(world.runUntil(second::isOver, MINUTE_NS))
                    .as("%s", world.trace())
                    .isTrue();

            assertThat(sorted(own.visible())).as("seed %s", seed).isEqualTo(sorted(reference(20_000)));
            world.end();
        }
    }

    static List<CountJob.Count> sorted(List<CountJob.Count> counts) {
        return counts.stream()
                .sorted(Comparator.comparingLong(CountJob.Count::key).thenComparingLong(CountJob.Count::count))
                .toList();
    }

    static List<CountJob.Count> reference(long records) {
        List<CountJob.Count> all = new ArrayList<>();
        long[] counts = new long[CountJob.KEYS];
        for (long n = 0; n < records; n++) {
            int key = (int) (n % CountJob.KEYS);
            all.add(new CountJob.Count(key, ++counts[key]));
        }
        return all;
    }
}
