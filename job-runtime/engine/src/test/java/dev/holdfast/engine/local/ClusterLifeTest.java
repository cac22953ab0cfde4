package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.coordinator.Operation;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultPlan.Fault;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.env.simulated.SimulatedNetwork;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import dev.holdfast.engine.local.SimulatedCluster.Coordinating;
import dev.holdfast.engine.local.SimulatedCluster.Working;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a job whose coordinator and workers are processes: kills, freezes, cuts, partitions in one direction, slow links,
 * failures of the store, a store that is away for seconds, user code that throws, all of it several at once; workers that come back with or without their local
 * files. When the faults have ended the job comes to its end
 * within a minute, and its output is exact. A longer run: {@code -Dholdfast.soak.minutes=N}; one life again: {@code
 * -Dholdfast.seed=}.
 */
class ClusterLifeTest {
    private static final int MOST_PATIENCE_MS = 5_000;
    private static final int LIVES = 60;
    private static final long FIRST_SEED = 70_000;
    private static final long MS = 1_000_000;

    @Test
    void whateverHappensTheOutputIsExactAndTheJobEnds() {
        Long single = Long.getLong("holdfast.seed");
        if (single != null) {
            new Life(single).live();
            return;
        }
        long soakMinutes = Long.getLong("holdfast.soak.minutes", 0);
        long endNs = System.nanoTime() + soakMinutes * 60_000_000_000L;
        long seed = soakMinutes > 0 ? System.nanoTime() : FIRST_SEED;
        for (int lives = 0; soakMinutes > 0 ? System.nanoTime() < endNs : lives < LIVES; lives++) {
            try {
                new Life(seed).live();
            } catch (Throwable found) {
                throw new AssertionError(
                        "seed " + seed + " failed after " + lives + " others, replay it with -Dholdfast.seed=" + seed,
                        found);
            }
            seed++;
        }
    }

    /** One job from its first start to its end. */
    private static final class Life {
        private final String what;
        private final SimulatedRandomness random;
        private final JobSetup base;
        private final EverythingJob job;
        private final SimulatedCluster cluster;
        private final FaultyObjectStore store;
        private final List<SimulatedProcess> frozen = new ArrayList<>();
        private final List<String[]> troubled = new ArrayList<>();
        private final int slotsEach;
        private Coordinating coordinator;
        private boolean left;
        private boolean mended;
        private boolean away;

        Life(long seed) {
            what = "-Dholdfast.seed=" + seed;
            random = new SimulatedRandomness(seed);
            int parallelism = 1 + random.nextInt(4);
            slotsEach = 1 + random.nextInt(2);
            JobSetup setup = JobSetup.of(seed);
            int faultsPerThousand = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
            store = new FaultyObjectStore(setup.bucket(), plan(faultsPerThousand));
            base = setup.through(store)
                    .parallelism(parallelism)
                    .memory(random.nextInt(2) == 0 ? 1 << 20 : 200_000)
                    .restart(new RestartStrategy.ExponentialDelay(
                            Duration.ofMillis(5), Duration.ofMillis(50), 2, 0.1, Duration.ofSeconds(1)))
                    .checkpoints(new CheckpointSettings(
                            Duration.ofMillis(10 + random.nextInt(40)),
                            Duration.ofSeconds(2),
                            Duration.ZERO,
                            1 + random.nextInt(3),
                            random.nextInt(10),
                            1 + random.nextInt(3),
                            true,
                            false));
            job = new EverythingJob(
                    new EverythingJob.World(), 1_000 + random.nextInt(3_000), 40, 1 + random.nextInt(60));
            cluster = new SimulatedCluster(base, job);
        }

        void live() {
            coordinator = cluster.startCoordinator(base);
            int workers = (base.parallelism() + slotsEach - 1) / slotsEach + random.nextInt(2);
            for (int i = 0; i < workers; i++) {
                cluster.startWorker("a" + i, slotsEach);
            }
            int faults = 3 + random.nextInt(8);
            for (int i = 0; i < faults && coordinator.status.phase() != Phase.FINISHED; i++) {
                base.world().runUntil(this::isOver, random.nextInt(random.nextInt(3) == 0 ? 3_000 : 300) * MS);
                fault();
                coordinatorAgain();
                assertSound();
            }
            if (left) {
                // Who is about to end does so, and is started again by what mends all.
                wake();
                base.pass(MOST_PATIENCE_MS);
                coordinatorAgain();
            }
            boolean finishedAmongFaults = coordinator.status.phase() == Phase.FINISHED;
            mend();
            for (int tries = 0; coordinator.status.phase() != Phase.FINISHED; tries++) {
                assertThat(base.world().runUntil(this::isOver, JobSetup.MINUTE_NS))
                        .as("%s: the job ends; %s: %s", what, coordinator.status, tail())
                        .isTrue();
                assertThat(tries)
                        .as("%s: starts after the last fault: %s", what, tail())
                        .isLessThan(5);
                coordinatorAgain();
            }
            base.pass(20_000);
            assertSound();
            new EverythingCheck(job, base, what).check("job");
            for (Working worker : cluster.workers()) {
                assertThat(finishedAmongFaults || !worker.process.isAlive() || worker.ended != null)
                        .as("%s: worker %s ends with its job: %s", what, worker.process.name(), tail())
                        .isTrue();
            }
            base.world().end();
        }

        private boolean isOver() {
            return coordinator.status.phase().isFinal();
        }

        /** A coordinator that has ended without the job is started again, as its pod would be. */
        private void coordinatorAgain() {
            Phase phase = coordinator.status.phase();
            boolean dead = !coordinator.process.isAlive();
            if (dead || (phase.isFinal() && phase != Phase.FINISHED)) {
                assertThat(dead || phase == Phase.FENCED || mayFail())
                        .as("%s: %s: %s", what, coordinator.status, tail())
                        .isTrue();
                coordinator = cluster.startCoordinator(base);
                restartWorkers();
            }
        }

        /** Two that race for the log with a checkpoint each 10 ms, or a store that does not answer: they say so and end. */
        private boolean mayFail() {
            String message = coordinator.status.message();
            return message.contains("HF-CKP-002")
                    || message.contains("HF-CKP-012")
                    || message.contains("HF-STO-")
                    || message.contains("the log cannot be written");
        }

        private void fault() {
            switch (random.nextInt(13)) {
                case 0, 1, 2 -> {
                    worker().process.kill();
                    if (random.nextInt(2) == 0) {
                        base.pass(random.nextInt(3_000));
                    }
                    restartWorkers();
                }
                case 3 -> coordinator.process.kill();
                case 4, 5 -> freeze(worker().process);
                case 6 -> {
                    freeze(coordinator.process);
                    coordinator = cluster.startCoordinator(base);
                }
                case 7 -> {
                    String[] pair = pair();
                    cluster.network().cut(pair[0], pair[1]);
                }
                case 8 -> {
                    String[] pair = pair();
                    troubled.add(pair);
                    switch (random.nextInt(3)) {
                        case 0 ->
                            cluster.network()
                                    .partition(
                                            pair[0], pair[1], SimulatedNetwork.Direction.values()[random.nextInt(3)]);
                        case 1 -> cluster.network().slow(pair[0], pair[1], 20_000 + random.nextInt(1_000_000));
                        default -> cluster.network().delay(pair[0], pair[1], (1 + random.nextInt(400)) * MS);
                    }
                }
                case 9 ->
                    coordinator
                            .coordinator
                            .control()
                            .request(Operation.Request.rescale(1 + random.nextInt(4), ""), answer -> {});
                case 10 -> {
                    Working chosen = worker();
                    if (chosen.ended == null) {
                        chosen.worker.leave("it is told to", random.nextInt(MOST_PATIENCE_MS));
                        left = true;
                        base.pass(random.nextInt(3_000));
                        restartWorkers();
                    }
                }
                case 11 -> {
                    away = true;
                    if (random.nextInt(3) > 0) {
                        worker().process.kill();
                    }
                    base.pass(random.nextInt(10_000));
                    away = false;
                    restartWorkers();
                }
                default -> job.outside().throwSoon = true;
            }
            if (random.nextInt(2) == 0) {
                wake();
            }
            if (random.nextInt(2) == 0) {
                heal();
            }
        }

        private void freeze(SimulatedProcess process) {
            process.freeze();
            frozen.add(process);
        }

        private void wake() {
            frozen.forEach(SimulatedProcess::wake);
            frozen.clear();
        }

        private void heal() {
            troubled.forEach(pair -> cluster.network().heal(pair[0], pair[1]));
            troubled.clear();
        }

        private void mend() {
            mended = true;
            wake();
            heal();
            job.outside().throwSoon = false;
            store.deliverLateWrites();
            restartWorkers();
            coordinatorAgain();
        }

        /** Every worker that is dead is started again under its name, as its pod would be. */
        private void restartWorkers() {
            if (coordinator.status.phase() == Phase.FINISHED) {
                return;
            }
            for (Working worker : List.copyOf(cluster.workers())) {
                boolean replaced = cluster.workers().stream()
                        .skip(cluster.workers().indexOf(worker) + 1L)
                        .anyMatch(later -> later.name.equals(worker.name));
                if (!replaced && (!worker.process.isAlive() || worker.ended != null)) {
                    MemoryDisk disk = random.nextInt(2) == 0 ? worker.process.disk() : new MemoryDisk();
                    cluster.startWorker(worker.name, slotsEach, base, disk);
                }
            }
        }

        private Working worker() {
            List<Working> alive = cluster.workers().stream()
                    .filter(worker -> worker.process.isAlive())
                    .toList();
            return alive.isEmpty() ? cluster.workers().getFirst() : alive.get(random.nextInt(alive.size()));
        }

        private String[] pair() {
            String first = worker().process.name();
            String second = random.nextInt(2) == 0
                    ? coordinator.process.name()
                    : worker().process.name();
            return new String[] {first, second.equals(first) ? coordinator.process.name() : second};
        }

        private void assertSound() {
            cluster.workers()
                    .forEach(worker -> assertThat(worker.process.failure())
                            .as("%s: %s: %s", what, worker.process.name(), tail())
                            .isNull());
            cluster.coordinators()
                    .forEach(each -> assertThat(each.process.failure())
                            .as("%s: %s: %s", what, each.process.name(), tail())
                            .isNull());
        }

        private String tail() {
            List<String> trace = base.world().trace();
            return String.join(
                    "\n",
                    trace.subList(Math.max(0, trace.size() - 2500), trace.size()).stream()
                            .filter(line -> !line.contains("putIfAbsent")
                                    && !line.contains(" get ")
                                    && !line.contains(" list "))
                            .toList());
        }

        private FaultPlan plan(int perThousand) {
            Fault[] faults = {Fault.FAIL_BEFORE, Fault.FAIL_AFTER, Fault.LOSE, Fault.DELAY};
            return (number, operation, key) -> {
                if (away) {
                    return random.nextInt(10) == 0 ? Fault.FAIL_AFTER : Fault.FAIL_BEFORE;
                }
                return !mended && number >= 25 && random.nextInt(1_000) < perThousand
                        ? faults[random.nextInt(faults.length)]
                        : Fault.NONE;
            };
        }
    }
}
