package dev.holdfast.benchmarks;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encodes and decodes an {@link Event} with the derived serializer, and hashes keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecJmh {
    private static final int RECORDS = 1024;

    private final TypeSerializer<Event> serializer = TypeSerializers.of(Type.of(Event.class));
    private final KeyCodec<Long> longKeys = new KeyCodec<>(TypeSerializers.ofKey(Type.of(Long.class)));
    private final KeyCodec<String> textKeys = new KeyCodec<>(TypeSerializers.ofKey(Type.of(String.class)));
    private final Event[] events = new Event[RECORDS];
    private final byte[][] encoded = new byte[RECORDS][];
    private final Long[] keys = new Long[RECORDS];
    private final DataWriter out = new DataWriter();
    private int next;

    /** Makes records, so that no call sees the same one twice in a row. */
    public CodecJmh() {
        Events made = new Events(0, 1_000_000);
        for (int i = 0; i < RECORDS; i++) {
            events[i] = made.make(i);
            keys[i] = events[i].key();
            DataWriter bytes = new DataWriter();
            serializer.write(events[i], bytes);
            encoded[i] = bytes.toByteArray();
        }
    }

    private int next() {
        next = (next + 1) & (RECORDS - 1);
        return next;
    }

    /** Record to bytes. */
    @Benchmark
    public int encode() {
        out.clear();
        serializer.write(events[next()], out);
        return out.size();
    }

    /** Bytes to record. */
    @Benchmark
    public Event decode() {
        return serializer.read(new DataReader(encoded[next()]));
    }

    /** Hash of a key of eight bytes. */
    @Benchmark
    public int hashLong() {
        return longKeys.hash(keys[next()]);
    }

    /** Hash of a text of 20 characters. */
    @Benchmark
    public int hashText() {
        return textKeys.hash(events[next()].product());
    }
}
