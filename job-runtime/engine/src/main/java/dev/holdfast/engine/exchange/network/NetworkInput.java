package dev.holdfast.engine.exchange.network;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.KeySelector;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.exchange.Batch;
import dev.holdfast.engine.exchange.ChannelReader;
import dev.holdfast.engine.exchange.Element;
import dev.holdfast.engine.metrics.Count;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The end of a channel that a task reads, written by a task of another worker. Frames wait here as they came, bounded by the credit
 * that was granted; the task decodes them when it takes them. {@link #received} is called by a thread of the transport, {@link #fill}
 * and {@link #receivedBytes} by any, all else by the task's thread.
 */
final class NetworkInput implements ChannelReader {
    /** What a writer never makes longer: one frame, and its last record. */
    private static final int MAX_JOINED_BYTES = NetworkOutput.MAX_RECORD_BYTES + 2 * NetworkOutput.FRAME_BYTES;

    private final long attempt;
    private final ChannelId id;
    private final Peer peer;
    private final TypeSerializer<Object> serializer;
    private final @Nullable KeySelector<Object, Object> selector;
    private final Clock clock;
    private final ReceiveWindow window;
    private final Queue<Received> frames = new ConcurrentLinkedQueue<>();
    private final DataReader in = new DataReader(new byte[0]);
    private final Count receivedBytes = new Count();
    private final Count takenBytes = new Count();
    private @Nullable DataWriter joining;

    private record Received(byte[] bytes, int offset) {}

    /** @param selector of the keyed edge, of the reading task's own run of the program; null on other edges */
    NetworkInput(
            long attempt,
            ChannelId id,
            Peer peer,
            TypeSerializer<Object> serializer,
            @Nullable KeySelector<Object, Object> selector,
            Clock clock,
            long maxWindowBytes) {
        this.attempt = attempt;
        this.id = id;
        this.peer = peer;
        this.serializer = serializer;
        this.selector = selector;
        this.clock = clock;
        this.window = new ReceiveWindow(maxWindowBytes, clock.nowNs());
    }

    /** A frame of this channel; what matters begins at the offset. */
    void received(byte[] frame, int offset) {
        receivedBytes.add(frame.length);
        frames.add(new Received(frame, offset));
    }

    @Override
    public @Nullable Element poll() {
        for (Received next = frames.poll(); next != null; next = frames.poll()) {
            byte[] frame = next.bytes();
            takenBytes.add(frame.length);
            Element element = decode(frame, next.offset());
            if (window.consumed(frame.length, clock.nowNs())) {
                byte[] credit = Frames.credit(attempt, id, window.limit());
                peer.send(Connection.Lane.CONTROL, credit, credit.length);
            }
            if (element != null) {
                return element;
            }
        }
        window.ranDry();
        return null;
    }

    @Override
    public double fill() {
        long waiting = receivedBytes.value() - takenBytes.value();
        return Math.clamp((double) waiting / window.windowBytes(), 0, 1);
    }

    @Override
    public long receivedBytes() {
        return receivedBytes.value();
    }

    private @Nullable Element decode(byte[] frame, int offset) {
        try {
            return content(frame, offset, frame.length - offset);
        } catch (HoldfastException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new HoldfastException(
                    "HF-RUN-019",
                    "a frame of " + frame.length + " bytes from worker " + peer.name() + " (" + id
                            + ") cannot be read: " + e + ". Its checksum held, so both sides do not run the same code.",
                    e);
        }
    }

    private @Nullable Element content(byte[] bytes, int offset, int length) {
        in.reset(bytes, offset, length);
        int content = in.readByte();
        return switch (content) {
            case Frames.BARRIER -> new Element.Barrier(in.readVarLong());
            case Frames.END -> new Element.EndOfInput();
            case Frames.PROBE -> new Element.Probe(in.readVarLong());
            case Frames.RECORDS -> plain(recordCount(bytes, offset, length));
            case Frames.KEYED_RECORDS -> keyed(recordCount(bytes, offset, length));
            case Frames.PART, Frames.LAST_PART -> {
                DataWriter whole = joining == null ? new DataWriter(2 * length) : joining;
                whole.writeBytes(bytes, offset + 1, length - 1);
                if (whole.size() > MAX_JOINED_BYTES) {
                    throw new IllegalStateException("parts of more than " + MAX_JOINED_BYTES + " bytes");
                }
                joining = content == Frames.PART ? whole : null;
                yield joining == null ? content(whole.array(), 0, whole.size()) : null;
            }
            default -> throw new IllegalStateException("content of kind " + content);
        };
    }

    /** Reads the number at the end, and leaves the reader at the first record. */
    private int recordCount(byte[] bytes, int offset, int length) {
        in.reset(bytes, offset + length - Integer.BYTES, Integer.BYTES);
        int records = in.readInt();
        if (records < 0 || records > Batch.CAPACITY) {
            throw new IllegalStateException(records + " records, more than a batch holds");
        }
        in.reset(bytes, offset + 1, length - 1 - Integer.BYTES);
        return records;
    }

    private Batch plain(int records) {
        Batch batch = Batch.plain();
        for (int i = 0; i < records; i++) {
            batch.add(serializer.read(in));
        }
        return whole(batch);
    }

    private Batch keyed(int records) {
        KeySelector<Object, Object> keys = selector;
        if (keys == null) {
            throw new IllegalStateException("keyed records on an edge without keys");
        }
        Batch batch = Batch.keyed();
        for (int i = 0; i < records; i++) {
            int hash = in.readInt();
            Object value = serializer.read(in);
            batch.add(value, key(keys, value), hash);
        }
        return whole(batch);
    }

    private static Object key(KeySelector<Object, Object> keys, Object value) {
        try {
            Object key = keys.key(value);
            if (key != null) {
                return key;
            }
        } catch (Exception e) {
            throw new HoldfastException(
                    "HF-RUN-001", "the key selector threw " + e + " for a record that it had taken before", e);
        }
        throw new HoldfastException(
                "HF-RUN-001", "the key selector returned null for a record that it had given a key before");
    }

    private Batch whole(Batch batch) {
        if (in.remaining() != 0) {
            throw new IllegalStateException(in.remaining() + " bytes after the last record");
        }
        return batch;
    }
}
