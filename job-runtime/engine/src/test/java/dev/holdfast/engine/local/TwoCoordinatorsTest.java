package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobLog;
import dev.holdfast.engine.checkpoint.LogEntry;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.LogView;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Two processes of one job at once. The first is frozen at each of its steps on the bucket, the second takes over, and the first
 * wakes up at one of several moments. Only one history may come of it, and nothing may be committed that the log does not hold.
 */
class TwoCoordinatorsTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int RECORDS = 60_000;
    private static final long SEED = Long.getLong("holdfast.seed", 23);
    private static final CheckpointSettings CHECKPOINTS =
            new CheckpointSettings(Duration.ofMillis(10), Duration.ofSeconds(2), Duration.ZERO, 1, 3, 2, true, false);

    /** When the first process wakes up: measured by what the second has done. */
    private enum Wake {
        WHEN_THE_SECOND_BEGINS,
        WHEN_THE_SECOND_HAS_A_CHECKPOINT,
        WHEN_THE_SECOND_HAS_COLLECTED,
        AT_THE_END
    }

    @TestFactory
    List<DynamicTest> onlyOneOfTwoCoordinatorsDecides() {
        long operations = operations();
        assertThat(operations).isGreaterThan(50);
        List<DynamicTest> tests = new ArrayList<>();
        for (Wake wake : Wake.values()) {
            tests.add(DynamicTest.dynamicTest(
                    wake + ", frozen at every second of " + operations + " operations", () -> {
                        for (long at = 1; at < operations; at += 2) {
                            race(at, wake);
                        }
                    }));
        }
        return tests;
    }

    private static long operations() {
        SimulatedWorld world = new SimulatedWorld(SEED);
        FaultyObjectStore store = new FaultyObjectStore(new MemoryObjectStore(), FaultPlan.none());
        SimulatedJob job = start(world, "alone", store, new LedgerSink.Ledger<>());
        assertThat(world.runUntil(job::isOver, MINUTE_NS)).isTrue();
        world.end();
        return store.operations();
    }

    private static void race(long at, Wake wake) {
        String what = wake + ", frozen at operation " + at + ", -Dholdfast.seed=" + SEED;
        SimulatedWorld world = new SimulatedWorld(SEED);
        MemoryObjectStore store = new MemoryObjectStore();
        LedgerSink.Ledger<CountJob.Count> ledger = new LedgerSink.Ledger<>();
        ledger.committing = transaction -> assertThat(isDecided(world, store, transaction))
                .as("%s: %s is committed, so the log holds its checkpoint: %s", what, transaction, world.trace())
                .isTrue();
        FaultyObjectStore counted = new FaultyObjectStore(store, FaultPlan.none());
        SimulatedJob first = start(world, "first", counted, ledger);
        world.runUntil(() -> counted.operations() >= at || first.isOver(), MINUTE_NS);
        if (first.isOver()) {
            world.end();
            return;
        }
        first.process().freeze();
        SimulatedJob second = start(world, "second", store, ledger);
        world.runUntil(() -> second.isOver() || isTime(wake, second), MINUTE_NS);
        first.process().wake();

        assertThat(world.runUntil(() -> second.isOver() && first.isOver(), MINUTE_NS))
                .as("%s: both end: %s", what, world.trace())
                .isTrue();
        world.runUntil(() -> false, 1_000_000_000);

        List<JobStatus.Phase> phases = List.of(phase(first), phase(second));
        assertThat(phases).as("%s: %s", what, world.trace()).contains(JobStatus.Phase.FINISHED);
        for (SimulatedJob job : List.of(first, second)) {
            JobStatus status = job.job().status();
            // With a checkpoint each 10 ms, one that wants to begin may lose every race for a place in the log; it says
            // so.
            boolean neverBegan = status.phase() == JobStatus.Phase.FAILED && status.generation() == 0;
            assertThat(neverBegan
                            || status.phase() == JobStatus.Phase.FENCED
                            || status.phase() == JobStatus.Phase.FINISHED)
                    .as("%s: %s: %s", what, status, world.trace())
                    .isTrue();
        }
        assertThat(LocalJobTest.sorted(ledger.visible()))
                .as(what)
                .isEqualTo(LocalJobTest.sorted(LocalJobTest.reference(RECORDS)));
        oneHistory(world, store, what);
        world.end();
    }

    private static JobStatus.Phase phase(SimulatedJob job) {
        return job.job().status().phase();
    }

    private static boolean isTime(Wake wake, SimulatedJob second) {
        JobStatus status = second.job().status();
        return switch (wake) {
            case WHEN_THE_SECOND_BEGINS -> status.generation() > 0;
            case WHEN_THE_SECOND_HAS_A_CHECKPOINT -> status.completedCheckpoints() >= 1;
            case WHEN_THE_SECOND_HAS_COLLECTED -> status.completedCheckpoints() >= 4;
            case AT_THE_END -> false;
        };
    }

    /** Whether the log holds a checkpoint, of the generation that wrote the transaction or of a later one, that decides it. */
    private static boolean isDecided(SimulatedWorld world, ObjectStore store, LedgerSink.Transaction transaction) {
        LogView view = log(world, store).read();
        long generation = transaction.attempt() / 1_000_000;
        return view.entries().stream()
                .filter(entry -> entry.record() instanceof LogRecord.Completed)
                .anyMatch(entry -> entry.generation() >= generation
                        && ((LogRecord.Completed) entry.record()).checkpointId() >= transaction.checkpoint());
    }

    /** Generations in the log only grow, and each begins with its own Begin. */
    private static void oneHistory(SimulatedWorld world, ObjectStore store, String what) {
        long generation = 0;
        long checkpoint = 0;
        for (LogEntry entry : log(world, store).read().entries()) {
            assertThat(entry.generation()).as("%s: %s", what, entry).isGreaterThanOrEqualTo(generation);
            generation = entry.generation();
            if (entry.record() instanceof LogRecord.Completed completed) {
                assertThat(completed.checkpointId()).as("%s: %s", what, entry).isGreaterThan(checkpoint);
                checkpoint = completed.checkpointId();
            }
        }
    }

    private static JobLog log(SimulatedWorld world, ObjectStore store) {
        Env own = world.start("auditor", store).env();
        Env direct = new Env(own.clock(), own.randomness(), own.loops(), own.blocking(), own.disk(), store);
        return new JobLog(direct, SimulatedJob.ROOT);
    }

    private static SimulatedJob start(
            SimulatedWorld world, String name, ObjectStore store, LedgerSink.Ledger<CountJob.Count> ledger) {
        return SimulatedJob.start(
                world, name, store, 2, () -> new CountJob(ledger, RECORDS), CHECKPOINTS, new RestoreRequest.Latest());
    }
}
