package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultPlan.Fault;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A fault at every single store operation of a small job, of every kind: output and state must be as without it. Takes about
 * half a minute.
 */
class CrashTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int RECORDS = 60_000;
    private static final long SEED = Long.getLong("holdfast.seed", 11);
    private static final CheckpointSettings CHECKPOINTS =
            new CheckpointSettings(Duration.ofMillis(10), Duration.ofSeconds(2), Duration.ZERO, 1, 3, 2, true, false);

    @TestFactory
    List<DynamicTest> survivesAFaultAtEveryStoreOperation() {
        long operations = operationsWithoutFault();
        assertThat(operations).as("operations of the job without a fault").isGreaterThan(60);
        List<DynamicTest> tests = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            if (fault != Fault.NONE) {
                tests.add(DynamicTest.dynamicTest(fault + " at each of " + operations + " operations", () -> {
                    for (long at = 0; at < operations; at++) {
                        run(at, fault);
                    }
                }));
            }
        }
        return tests;
    }

    @Test
    void theSameSeedGivesTheSameRunToTheByte() {
        Run first = run(40, Fault.CRASH_AFTER);
        Run second = run(40, Fault.CRASH_AFTER);

        assertThat(second.trace).isEqualTo(first.trace);
        assertThat(second.store.list("", null, 1000)).isEqualTo(first.store.list("", null, 1000));
        first.store
                .list("", null, 1000)
                .forEach(object -> assertThat(second.store.get(object.key()))
                        .as(object.key())
                        .isEqualTo(first.store.get(object.key())));
    }

    private record Run(List<String> trace, MemoryObjectStore store, long operations) {}

    private static long operationsWithoutFault() {
        return run(-1, Fault.NONE).operations;
    }

    private static Run run(long at, Fault fault) {
        LedgerSink.Ledger<CountJob.Count> ledger = new LedgerSink.Ledger<>();
        MemoryObjectStore store = new MemoryObjectStore();
        SimulatedWorld world = new SimulatedWorld(SEED);
        FaultPlan plan = (number, operation, key) -> number == at ? fault : Fault.NONE;
        FaultyObjectStore faulty = new FaultyObjectStore(store, plan);
        SimulatedJob job = start(world, "first", faulty, ledger);
        String what = fault + " at operation " + at + ", -Dholdfast.seed=" + SEED;
        boolean ended = world.runUntil(() -> job.isOver() || faulty.crashed(), MINUTE_NS);
        assertThat(ended).as("%s: ends or crashes: %s", what, world.trace()).isTrue();
        JobStatus.Phase phase = job.job().status().phase();
        job.process().kill();
        if (phase != JobStatus.Phase.FINISHED) {
            SimulatedJob again = start(world, "second", store, ledger);
            world.runUntil(() -> false, 30_000_000);
            faulty.deliverLateWrites();
            assertThat(world.runUntil(again::isOver, MINUTE_NS))
                    .as("%s: the second process ends: %s", what, world.trace())
                    .isTrue();
            assertThat(again.job().status().phase())
                    .as("%s: %s", what, world.trace())
                    .isEqualTo(JobStatus.Phase.FINISHED);
            assertThat(again.process().failure()).as(what).isNull();
        }
        assertThat(LocalJobTest.sorted(ledger.visible()))
                .as(what)
                .isEqualTo(LocalJobTest.sorted(LocalJobTest.reference(RECORDS)));
        assertThat(ledger.prepared).as("%s: left-overs", what).isEmpty();
        List<String> trace = List.copyOf(world.trace());
        world.end();
        return new Run(trace, store, faulty.operations());
    }

    private static SimulatedJob start(
            SimulatedWorld world, String name, ObjectStore store, LedgerSink.Ledger<CountJob.Count> ledger) {
        return SimulatedJob.start(
                world, name, store, 2, () -> new CountJob(ledger, RECORDS), CHECKPOINTS, new RestoreRequest.Latest());
    }
}
