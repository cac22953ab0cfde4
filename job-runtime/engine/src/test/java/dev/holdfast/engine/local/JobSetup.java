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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Everything a job in the simulated world is started with. Immutable: each method that takes a value gives a changed copy. */
final class JobSetup implements Cloneable {
    static final long MINUTE_NS = 60_000_000_000L;

    private final SimulatedWorld world;
    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private ObjectStore store = bucket;
    private JobRoot root = SimulatedJob.ROOT;
    private int parallelism = 2;
    private int maxParallelism = 128;
    private long memoryBytes = 1 << 20;
    private CheckpointSettings checkpoints = SimulatedJob.CHECKPOINTS;
    private RestartStrategy restart = new RestartStrategy.FixedDelay(5, Duration.ofMillis(10));
    private RestoreRequest restore = new RestoreRequest.Latest();
    private String restoreNonce = "";
    private boolean allowDroppedState = false;
    private Timeouts timeouts = Timeouts.DEFAULTS;

    private JobSetup(long seed) {
        world = new SimulatedWorld(seed);
    }

    static JobSetup of(long seed) {
        return new JobSetup(seed);
    }

    private JobSetup with(Consumer<JobSetup> change) {
        try {
            JobSetup copy = (JobSetup) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    JobSetup through(ObjectStore way) {
        return with(copy -> copy.store = way);
    }

    JobSetup as(JobRoot other) {
        return with(copy -> copy.root = other);
    }

    JobSetup parallelism(int tasks) {
        return with(copy -> copy.parallelism = tasks);
    }

    JobSetup maxParallelism(int keyGroups) {
        return with(copy -> copy.maxParallelism = keyGroups);
    }

    JobSetup memory(long bytes) {
        return with(copy -> copy.memoryBytes = bytes);
    }

    JobSetup checkpoints(CheckpointSettings other) {
        return with(copy -> copy.checkpoints = other);
    }

    JobSetup restart(RestartStrategy strategy) {
        return with(copy -> copy.restart = strategy);
    }

    JobSetup restore(RestoreRequest request) {
        return with(copy -> copy.restore = request);
    }

    JobSetup allowDroppedState(boolean allowed) {
        return with(copy -> copy.allowDroppedState = allowed);
    }

    JobSetup restoreNonce(String nonce) {
        return with(copy -> copy.restoreNonce = nonce);
    }

    JobSetup timeouts(Timeouts other) {
        return with(copy -> copy.timeouts = other);
    }

    SimulatedWorld world() {
        return world;
    }

    MemoryObjectStore bucket() {
        return bucket;
    }

    ObjectStore store() {
        return store;
    }

    JobRoot root() {
        return root;
    }

    int parallelism() {
        return parallelism;
    }

    int maxParallelism() {
        return maxParallelism;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    CheckpointSettings checkpoints() {
        return checkpoints;
    }

    RestartStrategy restart() {
        return restart;
    }

    RestoreRequest restore() {
        return restore;
    }

    String restoreNonce() {
        return restoreNonce;
    }

    boolean allowDroppedState() {
        return allowDroppedState;
    }

    Timeouts timeouts() {
        return timeouts;
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
