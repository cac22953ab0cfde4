package dev.holdfast.benchmarks;

import dev.holdfast.api.Parameters;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.host.DirectoryDisk;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.engine.local.LocalJob;
import dev.holdfast.engine.local.LocalSettings;
import dev.holdfast.engine.metrics.Distribution;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import dev.holdfast.engine.task.MetricsRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** One run of {@link KeyedCount} as a real job: two slots, RocksDB, checkpoints. */
final class CountRun {
    static final int SLOTS = 2;
    private static final int MAX_PARALLELISM = 128;
    private static final long MEMORY_BUDGET_BYTES = 1L << 30;
    private static final long START_LIMIT_NS = 30_000_000_000L;

    private final int keys;
    private final ObjectStore store;
    private final Path local;
    private final Duration checkpointInterval;
    private final long recordsPerSecond;
    private final Map<Long, JobStatus.CheckpointInfo> checkpoints = Collections.synchronizedMap(new LinkedHashMap<>());

    /**
     * @param local directory of the slots' state
     * @param recordsPerSecond as {@link EventSource} has it
     */
    CountRun(int keys, ObjectStore store, Path local, Duration checkpointInterval, long recordsPerSecond) {
        this.keys = keys;
        this.store = store;
        this.local = local;
        this.checkpointInterval = checkpointInterval;
        this.recordsPerSecond = recordsPerSecond;
    }

    /**
     * What was seen.
     *
     * @param recordsPerSecond one number for each second
     * @param pausesNs the times in which a task took no record because of a barrier, those of all tasks after the warm-up
     * @param flushNsPerEntry from the begin of a flush to its end, divided by its entries
     */
    record Measured(
            List<Double> recordsPerSecond,
            Distribution pausesNs,
            List<JobStatus.CheckpointInfo> checkpoints,
            long flushedEntries,
            double flushNsPerEntry,
            long records) {}

    Measured run(String id, int warmUpSeconds, int seconds) throws InterruptedException {
        Events events = new Events(0, keys);
        Tally tally = new Tally();
        Env env = HostEnv.of(local, store);
        JobSettings job = new JobSettings(
                new JobRoot("bench", "count", id),
                "bench",
                new CheckpointSettings(checkpointInterval, Duration.ofMinutes(1), Duration.ZERO, 1, 0, 2, true, false),
                new RestartStrategy.None(),
                SLOTS,
                new RestoreRequest.Nothing(),
                "",
                false,
                Timeouts.DEFAULTS);
        LocalSettings settings = new LocalSettings(
                "count",
                Parameters.of(Map.of()),
                MAX_PARALLELISM,
                MEMORY_BUDGET_BYTES,
                RocksSortedStore.factory(new DirectoryDisk(local)),
                job);
        LocalJob running =
                LocalJob.start(env, settings, () -> new KeyedCount(events, tally, recordsPerSecond), this::note);
        awaitRunning(running);
        List<Double> rates = new ArrayList<>();
        long lastNs = System.nanoTime();
        double last = counted(running);
        Distribution warmUpPauses = new Distribution();
        for (int second = 0; second < warmUpSeconds + seconds; second++) {
            if (second == warmUpSeconds) {
                warmUpPauses = pauses(running);
            }
            LockSupport.parkNanos(1_000_000_000);
            long nowNs = System.nanoTime();
            double now = counted(running);
            if (second >= warmUpSeconds) {
                rates.add((now - last) * 1e9 / (nowNs - lastNs));
            }
            last = now;
            lastNs = nowNs;
            failIfOver(running, "after " + second + " s");
        }
        tally.stop();
        long stoppedNs = System.nanoTime();
        while (!running.status().phase().isFinal()) {
            if (System.nanoTime() - stoppedNs > START_LIMIT_NS) {
                throw new IllegalStateException("the job does not end: " + running.status());
            }
            LockSupport.parkNanos(1_000_000);
        }
        if (running.status().phase() != JobStatus.Phase.FINISHED
                || running.status().failedCheckpoints() > 0) {
            throw new IllegalStateException("the job has not finished well: " + running.status());
        }
        tally.verify(events, 0, keys);
        long entries = 0;
        long flushNs = 0;
        for (MetricsRegistry.Counted counted : running.metrics().tasks()) {
            entries += counted.counters().state().flushedEntries.value();
            flushNs += counted.counters().state().flushNs.value();
        }
        Distribution pauses = pauses(running);
        pauses.remove(warmUpPauses);
        return new Measured(
                rates, pauses, List.copyOf(checkpoints.values()), entries, (double) flushNs / entries, tally.records());
    }

    private void note(JobStatus status) {
        status.lastCheckpoint().ifPresent(info -> checkpoints.put(info.id(), info));
    }

    private static void awaitRunning(LocalJob job) {
        long startNs = System.nanoTime();
        while (job.status().phase() != JobStatus.Phase.RUNNING) {
            failIfOver(job, "while it started");
            if (System.nanoTime() - startNs > START_LIMIT_NS) {
                throw new IllegalStateException("the job does not start: " + job.status());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void failIfOver(LocalJob job, String when) {
        if (job.status().phase().isFinal()) {
            throw new IllegalStateException("the job has ended " + when + ": " + job.status());
        }
    }

    private static double counted(LocalJob job) {
        long sum = 0;
        for (MetricsRegistry.Counted counted : job.metrics().tasks()) {
            if (counted.counters().vertex().equals(KeyedCount.COUNT)) {
                sum += counted.counters().recordsIn().value();
            }
        }
        return sum;
    }

    private static Distribution pauses(LocalJob job) {
        Distribution pauses = new Distribution();
        for (MetricsRegistry.Counted counted : job.metrics().tasks()) {
            pauses.add(counted.counters().barrierPauseNs());
        }
        return pauses;
    }
}
