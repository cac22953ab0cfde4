package dev.holdfast.engine.local;

import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.MemorySortedStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** A job in a simulated process. */
record SimulatedJob(SimulatedProcess process, LocalJob job) {
    static final JobRoot ROOT = new JobRoot("test", "job", "1");
    static final CheckpointSettings CHECKPOINTS =
            new CheckpointSettings(Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 2, true, false);

    static SimulatedJob start(
            SimulatedWorld world, String name, ObjectStore store, int parallelism, Supplier<StreamProgram> program) {
        return start(world, name, store, parallelism, program, CHECKPOINTS, new RestoreRequest.Latest());
    }

    static SimulatedJob start(
            SimulatedWorld world,
            String name,
            ObjectStore store,
            int parallelism,
            Supplier<StreamProgram> program,
            CheckpointSettings checkpoints,
            RestoreRequest restore) {
        SimulatedProcess process = world.start(name, store, new MemoryDisk());
        JobSettings settings = new JobSettings(
                ROOT,
                name,
                checkpoints,
                new RestartStrategy.FixedDelay(5, Duration.ofMillis(10)),
                parallelism,
                restore,
                "",
                false,
                Timeouts.DEFAULTS);
        LocalSettings local = new LocalSettings(
                "job", Parameters.of(Map.of()), 128, 1 << 20, MemorySortedStore.factory(process.disk()), settings);
        return new SimulatedJob(
                process,
                LocalJob.start(
                        process.env(),
                        local,
                        program,
                        status -> world.note(name + " " + status.phase() + " " + status.message())));
    }

    boolean isOver() {
        return job.status().phase().isFinal();
    }
}
