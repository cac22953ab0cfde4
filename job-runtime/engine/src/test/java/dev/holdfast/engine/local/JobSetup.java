package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobLog;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.LogView;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.MemorySortedStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Everything a job in the simulated world is started with; each {@code with} gives a changed copy. */
record JobSetup(
        SimulatedWorld world,
        MemoryObjectStore bucket,
        ObjectStore store,
        JobRoot root,
        int parallelism,
        int maxParallelism,
        long memoryBytes,
        CheckpointSettings checkpoints,
        RestartStrategy restart,
        RestoreRequest restore,
        String restoreNonce,
        boolean allowDroppedState,
        Timeouts timeouts) {
    static final long MINUTE_NS = 60_000_000_000L;

    static JobSetup of(long seed) {
        MemoryObjectStore bucket = new MemoryObjectStore();
        return new JobSetup(
                new SimulatedWorld(seed),
                bucket,
                bucket,
                SimulatedJob.ROOT,
                2,
                128,
                1 << 20,
                SimulatedJob.CHECKPOINTS,
                new RestartStrategy.FixedDelay(5, Duration.ofMillis(10)),
                new RestoreRequest.Latest(),
                "",
                false,
                Timeouts.DEFAULTS);
    }

    JobSetup through(ObjectStore way) {
        return new JobSetup(
                world,
                bucket,
                way,
                root,
                parallelism,
                maxParallelism,
                memoryBytes,
                checkpoints,
                restart,
                restore,
                restoreNonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup as(JobRoot other) {
        return new JobSetup(
                world,
                bucket,
                store,
                other,
                parallelism,
                maxParallelism,
                memoryBytes,
                checkpoints,
                restart,
                restore,
                restoreNonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup parallelism(int tasks) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                tasks,
                maxParallelism,
                memoryBytes,
                checkpoints,
                restart,
                restore,
                restoreNonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup maxParallelism(int keyGroups) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                parallelism,
                keyGroups,
                memoryBytes,
                checkpoints,
                restart,
                restore,
                restoreNonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup memory(long bytes) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                parallelism,
                maxParallelism,
                bytes,
                checkpoints,
                restart,
                restore,
                restoreNonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup checkpoints(CheckpointSettings other) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                parallelism,
                maxParallelism,
                memoryBytes,
                other,
                restart,
                restore,
                restoreNonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup restart(RestartStrategy strategy) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                parallelism,
                maxParallelism,
                memoryBytes,
                checkpoints,
                strategy,
                restore,
                restoreNonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup restore(RestoreRequest request) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                parallelism,
                maxParallelism,
                memoryBytes,
                checkpoints,
                restart,
                request,
                restoreNonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup allowDroppedState(boolean allowed) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                parallelism,
                maxParallelism,
                memoryBytes,
                checkpoints,
                restart,
                restore,
                restoreNonce,
                allowed,
                timeouts);
    }

    JobSetup restoreNonce(String nonce) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                parallelism,
                maxParallelism,
                memoryBytes,
                checkpoints,
                restart,
                restore,
                nonce,
                allowDroppedState,
                timeouts);
    }

    JobSetup timeouts(Timeouts other) {
        return new JobSetup(
                world,
                bucket,
                store,
                root,
                parallelism,
                maxParallelism,
                memoryBytes,
                checkpoints,
                restart,
                restore,
                restoreNonce,
                allowDroppedState,
                other);
    }

    static CheckpointSettings every(long intervalMs) {
        return new CheckpointSettings(
                Duration.ofMillis(intervalMs), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 2, true, false);
    }

    SimulatedJob start(String name, Supplier<StreamProgram> program) {
        return start(name, env -> program);
    }

    /** @param programs gets the process's env, so that user code can wait in virtual time */
    SimulatedJob start(String name, Function<Env, Supplier<StreamProgram>> programs) {
        SimulatedProcess process = world.start(name, store, new MemoryDisk());
        LocalSettings local = new LocalSettings(
                name,
                Parameters.of(Map.of()),
                maxParallelism,
                memoryBytes,
                MemorySortedStore.factory(process.disk()),
                new JobSettings(
                        root,
                        name,
                        checkpoints,
                        restart,
                        parallelism,
                        restore,
                        restoreNonce,
                        allowDroppedState,
                        timeouts));
        return new SimulatedJob(
                process,
                LocalJob.start(
                        process.env(),
                        local,
                        programs.apply(process.env()),
                        status -> world.note(name + " " + status.phase() + " " + status.message())));
    }

    /** Runs until the job is over, and gives its last status. */
    JobStatus end(SimulatedJob job) {
        assertThat(world.runUntil(job::isOver, MINUTE_NS))
                .as("%s ends; %s", job.job().status(), world.trace())
                .isTrue();
        assertThat(job.process().failure()).as("%s", world.trace()).isNull();
        return job.job().status();
    }

    void finish(SimulatedJob job) {
        JobStatus status = end(job);
        assertThat(status.phase()).as("%s: %s", status, world.trace()).isEqualTo(JobStatus.Phase.FINISHED);
    }

    /** Runs until the job has completed this many checkpoints. */
    void runToCheckpoint(SimulatedJob job, int count) {
        assertThat(world.runUntil(() -> job.isOver() || job.job().status().completedCheckpoints() >= count, MINUTE_NS))
                .as("%s checkpoints: %s", count, world.trace())
                .isTrue();
        assertThat(job.isOver()).as("%s", job.job().status()).isFalse();
    }

    void pass(long ms) {
        world.runUntil(() -> false, ms * 1_000_000);
    }

    LogView log() {
        Env own = world.start("auditor", bucket).env();
        return new JobLog(new Env(own.clock(), own.randomness(), own.loops(), own.blocking(), own.disk(), bucket), root)
                .read();
    }
}
