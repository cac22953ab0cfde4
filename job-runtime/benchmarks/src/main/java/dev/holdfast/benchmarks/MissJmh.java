package dev.holdfast.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads of keys that are in the local RocksDB but not in memory: a million keys in random order, memory for about a
 * fortieth of them. The files are in the page cache of the machine. Eviction is part of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class MissJmh {
    private static final int KEYS = 1_000_000;
    private static final int BATCH = 512;
    private static final long BUDGET_BYTES = 4 << 20;

    private LocalState local;
    private int step;
    private final Object[] keys = new Object[BATCH];
    private final int[] hashes = new int[BATCH];

    /** Fills the store, bit by bit: dirty entries have to stay in memory. */
    @Setup
    public void open() throws Exception {
        local = new LocalState(KEYS, 128, BUDGET_BYTES);
        int part = 10_000;
        for (int from = 0; from < KEYS; from += part) {
            for (int i = from; i < from + part; i++) {
                local.state.setKey(local.keys[i], local.hashes[i]);
                local.count.set((long) i);
            }
            local.state.clearKey();
            local.flush();
            for (int turn = 0; turn < 50; turn++) {
                local.maintain();
            }
        }
    }

    /** Closes it. */
    @TearDown
    public void close() throws Exception {
        local.close();
    }

    private int next() {
        step += 618_047;
        if (step >= KEYS) {
            step -= KEYS;
        }
        return step;
    }

    /** One read at a time. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long missAlone() {
        long sum = 0;
        for (int i = 0; i < BATCH; i++) {
            int key = next();
            local.state.setKey(local.keys[key], local.hashes[key]);
            sum += local.count.get();
        }
        local.state.clearKey();
        local.maintain();
        return sum;
    }

    /** A batch's keys read together before it is processed, as tasks do it. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long missInBatch() {
        for (int i = 0; i < BATCH; i++) {
            int key = next();
            keys[i] = local.keys[key];
            hashes[i] = local.hashes[key];
        }
        local.state.prefetch(keys, hashes, 0, BATCH);
        long sum = 0;
        for (int i = 0; i < BATCH; i++) {
            local.state.setKey(keys[i], hashes[i]);
            sum += local.count.get();
        }
        local.state.clearKey();
        local.maintain();
        return sum;
    }
}
