package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two coordinators of one job at once. */
class CoordinatorRaceTest {
    private static final int RANDOM_RUNS = Integer.getInteger("holdfast.checkpoint.runs", 300);

    /** Coprime, so that over the whole all kinds of places meet; 1 and 1 takes minutes. */
    private static final int FIRST_STRIDE = Integer.getInteger("holdfast.checkpoint.stride", 5);

    private static final int SECOND_STRIDE = FIRST_STRIDE == 1 ? 1 : FIRST_STRIDE + 2;

    private static void work(TestCoordinator coordinator) throws InterruptedException {
        coordinator.begin();
        coordinator.checkpoint(2);
        coordinator.abortedCheckpoint();
        coordinator.checkpoint(1);
        coordinator.savepoint("s" + coordinator.writer().generation());
        coordinator.sweep();
        coordinator.checkpoint(1);
    }

    private static final class Racer {
        final TestCoordinator[] coordinator = new TestCoordinator[1];
        final Turns turns;

        Racer(String name, LogAudit store, long seed, List<Racer> all) {
            all.add(this);
            turns = Turns.start(store, objects -> {
                coordinator[0] = new TestCoordinator(name, objects, seed);
                work(coordinator[0]);
            });
        }
    }

    private static void check(LogAudit store, List<Racer> racers, String what) {
        int finished = 0;
        for (Racer racer : racers) {
            racer.turns.toEnd();
            Throwable error = racer.turns.error();
            assertThat(error == null || error instanceof FencedException)
                    .as("%s ended by %s", what, error)
                    .isTrue();
            if (error == null) {
                finished++;
            }
            store.checkBelief(racer.coordinator[0]);
        }
        assertThat(finished).as("coordinators that finished: %s", what).isGreaterThanOrEqualTo(1);
        // Whoever comes last finds a job that it can restore, and leaves nothing behind.
        sweepingLeavesExactlyWhatIsReachable(store);
    }

    private static void sweepingLeavesExactlyWhatIsReachable(LogAudit store) {
        try {
            TestCoordinator last = new TestCoordinator("last", store, 99);
            last.begin();
            last.checkpoint(1);
            last.sweep();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(TestCoordinator.keys(store))
                .containsExactlyInAnyOrderElementsOf(TestCoordinator.expectedKeys(store));
    }

    private static int operations() {
        LogAudit store = new LogAudit();
        List<Racer> racers = new ArrayList<>();
        Racer only = new Racer("only", store, 1, racers);
        check(store, racers, "alone");
        return only.turns.operations();
    }

    @Test
    void onePausedAtEachStepWhileTheOtherDoesAllItsWork() {
        int operations = operations();
        for (int pause = 0; pause <= operations; pause++) {
            LogAudit store = new LogAudit();
            List<Racer> racers = new ArrayList<>();
            Racer paused = new Racer("paused", store, 1, racers);
            paused.turns.steps(pause);
            Racer other = new Racer("other", store, 2, racers);
            other.turns.toEnd();
            assertThat(other.turns.error()).as("pause at %s", pause).isNull();
            check(store, racers, "pause at " + pause);
        }
    }

    @Test
    void onePausedAtEachStepThenTheOtherAtEachStep() {
        int operations = operations();
        for (int first = 0; first <= operations; first += FIRST_STRIDE) {
            for (int second = 0; second <= operations; second += SECOND_STRIDE) {
                LogAudit store = new LogAudit();
                List<Racer> racers = new ArrayList<>();
                Racer paused = new Racer("paused", store, 1, racers);
                paused.turns.steps(first);
                Racer other = new Racer("other", store, 2, racers);
                other.turns.steps(second);
                paused.turns.toEnd();
                check(store, racers, "pauses at " + first + " and " + second);
            }
        }
    }

    @Test
    void threeInAnyOrder() {
        long base = Long.getLong("holdfast.seed", 20240607L);
        int runs = Long.getLong("holdfast.seed") == null ? RANDOM_RUNS : 1;
        for (int run = 0; run < runs; run++) {
            long seed = base + run;
            try {
                inRandomOrder(seed);
            } catch (Throwable e) {
                throw new AssertionError("replay with -Dholdfast.seed=" + seed, e);
            }
        }
    }

    private static void inRandomOrder(long seed) {
        SimulatedRandomness chance = new SimulatedRandomness(seed);
        LogAudit store = new LogAudit();
        List<Racer> racers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            new Racer("racer " + i, store, seed + i, racers);
        }
        while (racers.stream().anyMatch(racer -> !racer.turns.ended())) {
            Racer next = racers.get(chance.nextInt(3));
            // Long and short bursts: a fair order would only ever race at the beginning.
            next.turns.steps(1 + chance.nextInt(chance.nextInt(3) == 0 ? 60 : 6));
        }
        check(store, racers, "seed " + seed);
    }

    /** As above, with a store that fails, loses answers and does writes late. */
    @Test
    void twoInAnyOrderOnAFailingStore() {
        long base = Long.getLong("holdfast.seed", 20240607L);
        int runs = Long.getLong("holdfast.seed") == null ? RANDOM_RUNS : 1;
        for (int run = 0; run < runs; run++) {
            long seed = base + run;
            try {
                onAFailingStore(seed);
            } catch (Throwable e) {
                throw new AssertionError("replay with -Dholdfast.seed=" + seed, e);
            }
        }
    }

    private static void onAFailingStore(long seed) {
        SimulatedRandomness chance = new SimulatedRandomness(seed);
        LogAudit store = new LogAudit();
        List<FaultyObjectStore> views = new ArrayList<>();
        List<TestCoordinator> coordinators = new ArrayList<>();
        List<Turns> turns = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            long mine = seed * 31 + i;
            SimulatedRandomness faults = new SimulatedRandomness(mine);
            FaultPlan plan = (number, operation, key) -> faults.nextInt(12) != 0
                    ? FaultPlan.Fault.NONE
                    : List.of(
                                    FaultPlan.Fault.FAIL_BEFORE,
                                    FaultPlan.Fault.FAIL_AFTER,
                                    FaultPlan.Fault.LOSE,
                                    FaultPlan.Fault.DELAY)
                            .get(faults.nextInt(4));
            FaultyObjectStore view = new FaultyObjectStore(store, plan);
            views.add(view);
            turns.add(Turns.start(view, objects -> {
                // A coordinator that cannot go on is started again as a new generation, a few times.
                for (int life = 0; life < 8; life++) {
                    TestCoordinator coordinator = new TestCoordinator("life " + life, objects, mine * 100 + life);
                    coordinators.add(coordinator);
                    try {
                        work(coordinator);
                        return;
                    } catch (StoreException e) {
                        // Begin again.
                    } catch (HoldfastException e) {
                        if (!e.code().equals(CheckpointErrors.APPEND_UNRESOLVED) && !(e instanceof FencedException)) {
                            throw e;
                        }
                    }
                }
            }));
        }
        while (turns.stream().anyMatch(each -> !each.ended())) {
            int i = chance.nextInt(2);
            turns.get(i).steps(1 + chance.nextInt(chance.nextInt(3) == 0 ? 60 : 6));
            if (chance.nextInt(4) == 0) {
                views.get(chance.nextInt(2)).deliverLateWrites();
            }
        }
        turns.forEach(each -> assertThat(each.error()).isNull());
        views.forEach(FaultyObjectStore::deliverLateWrites);
        coordinators.forEach(store::checkBelief);
        store.checkRetained();
    }
}
