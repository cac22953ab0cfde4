package dev.holdfast.benchmarks;

import dev.holdfast.engine.state.KeyedSnapshot;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The flush of 500,000 dirty entries into a fresh store, from the freeze to the snapshot, divided by the entries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 6)
@Measurement(iterations = 9)
public class FlushJmh {
    private static final int ENTRIES = 500_000;

    /** What the entries become: table files of about 3 MB that are ingested, or batches of about 0.8 MB that are written. */
    @Param({"table", "batch"})
    public String form;

    private LocalState local;

    /** Makes the dirty entries. A quarter of the key groups makes each bucket four times as large. */
    @Setup(Level.Iteration)
    public void open() throws Exception {
        local = new LocalState(ENTRIES, form.equals("table") ? 32 : 128, 1L << 30);
        local.setAll(1_000_000);
    }

    /** Closes the store. */
    @TearDown(Level.Iteration)
    public void close() throws Exception {
        local.close();
    }

    /** One flush. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public KeyedSnapshot flush() throws Exception {
        KeyedSnapshot snapshot = local.flush();
        if (snapshot.flushedEntries() != ENTRIES) {
            throw new IllegalStateException(snapshot.flushedEntries() + " entries were flushed, not " + ENTRIES);
        }
        return snapshot;
    }
}
