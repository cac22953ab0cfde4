package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultPlan.Fault;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a job with every kind of state: kills, freezes, failures of the store, savepoints, other parallelism and other
 * settings at each start, a memory budget that forces eviction. The output is exact in the end. A longer run: {@code
 * -Dholdfast.soak.minutes=N}; one life again: {@code -Dholdfast.seed=}.
 */
class EverythingTest {
    private static final int LIVES = 60;
    private static final long FIRST_SEED = 5_000;

    @Test
    void whateverHappensTheOutputIsExact() {
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
        private final EverythingJob job;
        private final JobSetup base;
        private final List<SimulatedJob> frozen = new ArrayList<>();
        private RestoreRequest restore = new RestoreRequest.Latest();
        private int starts;

        Life(long seed) {
            what = "-Dholdfast.seed=" + seed;
            random = new SimulatedRandomness(seed);
            base = JobSetup.of(seed);
            job = new EverythingJob(
                    new EverythingJob.World(), 1_000 + random.nextInt(3_000), 40, 1 + random.nextInt(60));
        }

        void live() {
            int deaths = 2 + random.nextInt(5);
            boolean finished = false;
            for (int death = 0; death < deaths && !finished; death++) {
                finished = liveAndDie();
            }
            wakeAll();
            while (!finished) {
                SimulatedJob last = start(base);
                JobStatus status = base.end(last);
                assertThat(status.phase() == JobStatus.Phase.FENCED
                                || status.phase() == JobStatus.Phase.FINISHED
                                || lostTheRace(status))
                        .as("%s: %s: %s", what, status, base.world().trace())
                        .isTrue();
                finished = status.phase() == JobStatus.Phase.FINISHED;
            }
            base.pass(1_000);
            new EverythingCheck(job, base, what).check("p" + finisher());
            base.world().end();
        }

        /** With a checkpoint each 10 ms, one that wants to begin beside a process that woke up may lose every race; it says so. */
        private static boolean lostTheRace(JobStatus status) {
            return status.phase() == JobStatus.Phase.FAILED
                    && (status.message().contains("HF-CKP-002")
                            || status.message().contains("HF-CKP-012"));
        }

        /** The process whose tasks held the end of the input last, and lived to see it finished. */
        private int finisher() {
            for (int start = starts; start > 0; start--) {
                int number = start;
                if (job.outside().held.keySet().stream()
                        .anyMatch(place -> place.process().equals("p" + number))) {
                    return start;
                }
            }
            throw new AssertionError(what + ": nobody finished");
        }

        /** One process, until something happens to it. True if the job has come to its end. */
        private boolean liveAndDie() {
            int faultsPerThousand = random.nextInt(3) == 0 ? random.nextInt(40) : 0;
            FaultyObjectStore way = new FaultyObjectStore(base.bucket(), plan(faultsPerThousand));
            SimulatedJob process = start(base.through(way));
            String savepoint = "s" + starts;
            boolean stopping = random.nextInt(5) == 0;
            base.world().runUntil(process::isOver, (1 + random.nextInt(500)) * 1_000_000L);
            job.outside().throwSoon = random.nextInt(3) == 0;
            if (stopping) {
                process.job().stopWithSavepoint(savepoint);
            } else if (random.nextInt(3) == 0) {
                process.job().savepoint(savepoint);
            }
            base.world().runUntil(process::isOver, (1 + random.nextInt(500)) * 1_000_000L);
            JobStatus status = process.job().status();
            if (status.phase() == JobStatus.Phase.FINISHED) {
                return true;
            }
            assertThat(process.process().failure())
                    .as("%s: %s", what, base.world().trace())
                    .isNull();
            // Who is told to begin from a savepoint does so whatever happened since: not beside another process.
            boolean mayWakeUp = restore instanceof RestoreRequest.Latest;
            if (status.phase() == JobStatus.Phase.SUSPENDED && frozen.isEmpty()) {
                restore = new RestoreRequest.Savepoint(savepoint);
            } else if (status.generation() > 0) {
                restore = new RestoreRequest.Latest();
            }
            if (mayWakeUp && restore instanceof RestoreRequest.Latest && random.nextInt(3) == 0) {
                process.process().freeze();
                frozen.add(process);
            } else {
                process.process().kill();
            }
            way.deliverLateWrites();
            if (random.nextInt(3) == 0) {
                wakeAll();
            }
            return false;
        }

        private void wakeAll() {
            frozen.forEach(job -> job.process().wake());
            frozen.clear();
        }

        private SimulatedJob start(JobSetup setup) {
            starts++;
            return setup.parallelism(1 + random.nextInt(5))
                    .memory(random.nextInt(2) == 0 ? 1 << 20 : 200_000)
                    .checkpoints(settings())
                    .restart(new RestartStrategy.ExponentialDelay(
                            Duration.ofMillis(5), Duration.ofMillis(50), 2, 0.1, Duration.ofSeconds(1)))
                    .restore(restore)
                    .start("p" + starts, () -> job);
        }

        private CheckpointSettings settings() {
            int concurrent = 1 + random.nextInt(3);
            return new CheckpointSettings(
                    Duration.ofMillis(10 + random.nextInt(40)),
                    Duration.ofMillis(random.nextInt(3) == 0 ? 10 + random.nextInt(10) : 2_000),
                    Duration.ofMillis(concurrent > 1 ? 0 : random.nextInt(20)),
                    concurrent,
                    random.nextInt(4),
                    1 + random.nextInt(3),
                    true,
                    false);
        }

        private FaultPlan plan(int perThousand) {
            Fault[] faults = {Fault.FAIL_BEFORE, Fault.FAIL_AFTER, Fault.LOSE, Fault.DELAY};
            // Half of them spare the beginning, which a fault would end before anything runs.
            long first = random.nextInt(2) * 25L;
            return (number, operation, key) -> number >= first && random.nextInt(1000) < perThousand
                    ? faults[random.nextInt(faults.length)]
                    : Fault.NONE;
        }
    }
}
