package dev.holdfast.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Access to a ValueState of Long with 10,000 keys that are all in memory, in random order, through the public API. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StateJmh {
    private static final int KEYS = 10_000;

    private LocalState local;
    private int step;

    /** Opens the state. */
    @Setup
    public void open() throws Exception {
        local = new LocalState(KEYS, 128, 256 << 20);
        local.setAll(0);
        local.flush();
    }

    /** Closes it. */
    @TearDown
    public void close() throws Exception {
        local.close();
    }

    private void nextKey() {
        // A prime step through the keys: every one, in an order that no prefetcher guesses.
        step += 7919;
        if (step >= KEYS) {
            step -= KEYS;
        }
        local.state.setKey(local.keys[step], local.hashes[step]);
    }

    /** A read and a write of one key. */
    @Benchmark
    public void hitGetSet() {
        nextKey();
        local.count.set(local.count.get() + 1);
    }

    /** A read. */
    @Benchmark
    public Long hitGet() {
        nextKey();
        return local.count.get();
    }

    /** A write without a read. */
    @Benchmark
    public void update() {
        nextKey();
        local.count.set(1000L);
    }
}
