package dev.holdfast.benchmarks;

import dev.holdfast.engine.exchange.Backlog;
import dev.holdfast.engine.exchange.Batch;
import dev.holdfast.engine.exchange.EdgeOutput;
import dev.holdfast.engine.exchange.Element;
import dev.holdfast.engine.exchange.Ring;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The way from one thread to another: empty elements, and records in batches that the reader looks at. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingJmh {
    private static final int CAPACITY = 16;
    private static final int ELEMENTS = 20_000;
    private static final int RECORDS = 2_000 * Batch.CAPACITY;

    /** One element of the ring. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long perBatch() throws InterruptedException {
        Ring ring = new Ring(CAPACITY);
        Thread writer = Thread.ofPlatform().start(() -> {
            Element element = new Element.Barrier(1);
            for (int i = 0; i < ELEMENTS; i++) {
                while (!ring.offer(element)) {
                    Thread.onSpinWait();
                }
            }
        });
        long sum = 0;
        for (int i = 0; i < ELEMENTS; ) {
            if (ring.poll() instanceof Element.Barrier barrier) {
                sum += barrier.checkpointId();
                i++;
            } else {
                Thread.onSpinWait();
            }
        }
        writer.join();
        return sum;
    }

    /** One record: put into a batch by one thread, taken out by the other. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long perRecord() throws InterruptedException {
        Ring ring = new Ring(CAPACITY);
        Backlog backlog = new Backlog();
        EdgeOutput output = EdgeOutput.spread(List.of(ring), backlog);
        Thread writer = Thread.ofPlatform().start(() -> {
            Long record = 1L;
            for (int i = 0; i < RECORDS; i++) {
                output.emit(record);
                while (backlog.isBlocked()) {
                    Thread.onSpinWait();
                    output.drain(0);
                }
            }
        });
        long sum = 0;
        for (int i = 0; i < RECORDS; ) {
            if (ring.poll() instanceof Batch batch) {
                for (int n = 0; n < batch.size(); n++) {
                    sum += (Long) batch.value(n);
                }
                i += batch.size();
            } else {
                Thread.onSpinWait();
            }
        }
        writer.join();
        return sum;
    }
}
