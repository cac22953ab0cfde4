package dev.holdfast.engine.exchange.network;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.exchange.Batch;
import dev.holdfast.engine.exchange.ChannelWriter;
import dev.holdfast.engine.exchange.Element;
import dev.holdfast.engine.metrics.Count;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.Optional;

/**
 * The end of a channel that writes to a task of another worker.
 *
 * <ol>
 *   <li>A batch is taken while any credit is left, so a channel may be one batch ahead of it, and refused after that.
 *   <li>Its records are encoded into frames of about {@link #FRAME_BYTES}; one that is too long for the transport goes in parts.
 *   <li>Barriers, probes and the end need no credit: nothing holds them up but what stands before them.
 * </ol>
 *
 * {@link #offer} is called by the task's thread, {@link #grant} by a thread of the transport.
 */
final class NetworkOutput implements ChannelWriter {
    /** Long enough that the costs of a frame vanish, short enough that others get their turn on the connection. */
    static final int FRAME_BYTES = 64 * 1024;

    /** A longer record is an error: it would stand in the memory of both workers several times. */
    static final int MAX_RECORD_BYTES = 64 << 20;

    private final ChannelId id;
    private final Peer peer;
    private final TypeSerializer<Object> serializer;
    private final byte[] head;
    private volatile long limitBytes = ReceiveWindow.MIN_BYTES;
    private final Count sentBytes = new Count();
    private int expectedBytes = 1024;

    NetworkOutput(long attempt, ChannelId id, Peer peer, TypeSerializer<Object> serializer) {
        this.id = id;
        this.peer = peer;
        this.serializer = serializer;
        this.head = Frames.dataHead(attempt, id);
    }

    @Override
    public boolean offer(Element element) {
        switch (element) {
            case Batch batch -> {
                if (sentBytes.value() >= limitBytes) {
                    return false;
                }
                write(batch);
            }
            case Element.Barrier(long checkpointId) -> {
                DataWriter out = begin(Frames.BARRIER, head.length + 16);
                out.writeVarLong(checkpointId);
                send(out);
            }
            case Element.Probe(long sentWallMs) -> {
                DataWriter out = begin(Frames.PROBE, head.length + 16);
                out.writeVarLong(sentWallMs);
                send(out);
            }
            case Element.EndOfInput end -> send(begin(Frames.END, head.length + 1));
        }
        return true;
    }

    @Override
    public Optional<String> otherWorker() {
        return Optional.of(peer.name());
    }

    @Override
    public long sentBytes() {
        return sentBytes.value();
    }

    /** Raises the limit to so many bytes since the beginning of the channel. */
    void grant(long newLimitBytes) {
        if (newLimitBytes > limitBytes) {
            limitBytes = newLimitBytes;
        }
    }

    /** Bytes that may be sent now; negative where the last batch went beyond the credit. Approximate on another thread. */
    long creditBytes() {
        return limitBytes - sentBytes.value();
    }

    private void write(Batch batch) {
        boolean keyed = batch.isKeyed();
        int content = keyed ? Frames.KEYED_RECORDS : Frames.RECORDS;
        DataWriter out = begin(content, expectedBytes);
        int records = 0;
        for (int i = 0; i < batch.size(); i++) {
            int start = out.size();
            if (keyed) {
                out.writeInt(batch.hashes()[i]);
            }
            serializer.write(batch.value(i), out);
            records++;
            if (out.size() - start > MAX_RECORD_BYTES) {
                throw new HoldfastException(
                        "HF-RUN-018",
                        "a record for another worker (" + id + ") has " + (out.size() - start)
                                + " bytes; the most is " + MAX_RECORD_BYTES + ". Split it, or store it elsewhere and"
                                + " send its place.");
            }
            if (out.size() >= FRAME_BYTES && i + 1 < batch.size()) {
                out.writeInt(records);
                send(out);
                out = begin(content, FRAME_BYTES + 1024);
                records = 0;
            }
        }
        out.writeInt(records);
        expectedBytes = Math.min(FRAME_BYTES, out.size() + out.size() / 8) + 64;
        send(out);
    }

    private DataWriter begin(int content, int capacityBytes) {
        DataWriter out = new DataWriter(capacityBytes);
        out.writeBytes(head);
        out.writeByte(content);
        return out;
    }

    private void send(DataWriter out) {
        sentBytes.add(out.size());
        if (out.size() <= Connection.MAX_FRAME_BYTES) {
            peer.send(Connection.Lane.DATA, out.array(), out.size());
            return;
        }
        // Parts carry the bytes behind the head, from the content byte on.
        int room = Connection.MAX_FRAME_BYTES - head.length - 1;
        int from = head.length;
        while (out.size() - from > room) {
            part(Frames.PART, out, from, room);
            from += room;
        }
        part(Frames.LAST_PART, out, from, out.size() - from);
    }

    private void part(int content, DataWriter whole, int from, int length) {
        DataWriter out = begin(content, head.length + 1 + length);
        out.writeBytes(whole.array(), from, length);
        peer.send(Connection.Lane.DATA, out.array(), out.size());
    }
}
