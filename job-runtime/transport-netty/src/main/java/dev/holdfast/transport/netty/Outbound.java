package dev.holdfast.transport.netty;

import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Connection.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has still to write. Any thread adds frames ({@link #offer}); the connection's thread takes buffers
 * ({@link #next}) as long as the channel is writable.
 *
 * <ol>
 *   <li>A buffer takes slices until the next one does not fit: all control frames first, then data. So many small frames are one
 *       write, and a control frame stands before every data slice that is not yet in a buffer, be it in the middle of a frame.
 *   <li>A goodbye ends it: control frames go before it, data no more.
 * </ol>
 */
final class Outbound {
    /**
     * Netty is writable below this. A control frame waits for what is here, and for what the kernel holds of {@link
     * #SOCKET_SEND_BYTES}, and for nothing else. A full buffer goes over the mark by up to itself, so 96 KB are here at most. Both
     * together are counted in ControlDelayTest: 192 KB, which is below the 256 KB that are promised, and 1.6 ms on a network of 1 Gbit/s.
     */
    static final int HIGH_WATER_BYTES = 32 << 10;

    /** Netty is writable again below this: while the kernel takes the rest, the next buffer is made. */
    static final int LOW_WATER_BYTES = 16 << 10;

    /**
     * SO_SNDBUF. Linux doubles it and counts its own structures in. What fits is also the most that is under way: enough for 10 Gbit/s
     * where a round trip takes 0.1 ms. With 160 KB the promise has no reserve left.
     */
    static final int SOCKET_SEND_BYTES = 128 << 10;

    /** A slice of the full length, or several frames of a half or a quarter of that, with their headers: they go in one write. */
    private static final int BUFFER_BYTES = Wire.SLICE_BYTES + 16 * Wire.HEADER_BYTES;

    /** What a waiting frame takes beside its bytes; so a flood of empty ones is bounded too. */
    private static final int FRAME_OVERHEAD_BYTES = 64;

    private record Frame(int kind, byte[] bytes, int length) {}

    /** What became of a frame that was offered. */
    enum Offer {
        /** It waits; somebody has been asked to drain before. */
        QUEUED,
        /** It waits; the caller must see that the connection's thread drains. */
        WAKE,
        /** Dropped: closed. */
        CLOSED,
        /** Dropped: the peer has left too many control bytes unread. */
        FULL
    }

    private final Queue<Frame> control = new ConcurrentLinkedQueue<>();
    private final Queue<Frame> data = new ConcurrentLinkedQueue<>();
    private final AtomicLong controlBytes = new AtomicLong();
    private final AtomicLong dataBytes = new AtomicLong();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private final CRC32C crc = new CRC32C();
    private @Nullable Frame controlFrame;
    private @Nullable Frame dataFrame;
    private @Nullable Frame goodbye;
    private int controlOffset;
    private int dataOffset;
    private int dataBytesInBuffer;

    /** Adds a frame. Any thread. */
    Offer offer(Lane lane, byte[] bytes, int length) {
        if (closed.get()) {
            return Offer.CLOSED;
        }
        Frame frame = new Frame(Wire.kind(lane), bytes, length);
        switch (lane) {
            case CONTROL -> {
                long waiting = controlBytes.addAndGet(cost(frame));
                if (waiting > Connection.MAX_WAITING_CONTROL_BYTES) {
                    controlBytes.addAndGet(-cost(frame));
                    return Offer.FULL;
                }
                control.add(frame);
            }
            case DATA -> {
                dataBytes.addAndGet(length);
                data.add(frame);
            }
        }
        return askForDrain() ? Offer.WAKE : Offer.QUEUED;
    }

    /** Takes no more frames. Any thread; returns false if it was closed before. */
    boolean close() {
        return !closed.getAndSet(true);
    }

    boolean isClosed() {
        return closed.get();
    }

    long waitingDataBytes() {
        return closed.get() ? 0 : dataBytes.get();
    }

    /** True if nobody has been asked to drain since the last {@link #drains}: the caller must ask now. Any thread. */
    boolean askForDrain() {
        return !awake.get() && !awake.getAndSet(true);
    }

    /** The connection's thread begins to drain: who adds from now on asks anew. */
    void drains() {
        awake.set(false);
    }

    /** Ends what is written with this text. On the connection's thread. */
    void goodbye(byte[] text) {
        data.clear();
        dataFrame = null;
        goodbye = new Frame(Wire.GOODBYE, text, text.length);
    }

    /** Drops everything. On the connection's thread. */
    void drop() {
        close();
        control.clear();
        data.clear();
        controlFrame = null;
        dataFrame = null;
        goodbye = null;
    }

    /** The next buffer to write, or null. On the connection's thread. */
    @Nullable ByteBuf next(ByteBufAllocator allocator) {
        dataBytesInBuffer = 0;
        if (controlFrame == null && control.isEmpty() && dataFrame == null && data.isEmpty() && goodbye == null) {
            return null;
        }
        ByteBuf out = allocator.directBuffer(BUFFER_BYTES, BUFFER_BYTES);
        boolean room = true;
        while (room && (controlFrame != null || (controlFrame = control.poll()) != null)) {
            room = writeControl(out, controlFrame);
        }
        while (room && (dataFrame != null || (dataFrame = data.poll()) != null)) {
            room = writeData(out, dataFrame);
        }
        Frame last = goodbye;
        if (room && last != null && fits(out, last.length)) {
            Wire.write(out, crc, last.kind, last.length, last.bytes, 0, last.length);
            goodbye = null;
        }
        return out;
    }

    /** Bytes of data frames in the buffer that {@link #next} returned last. */
    int dataBytesInBuffer() {
        return dataBytesInBuffer;
    }

    /** So many bytes of data have left. */
    void written(int bytes) {
        dataBytes.addAndGet(-bytes);
    }

    private boolean writeControl(ByteBuf out, Frame frame) {
        int written = writeSlice(out, frame, controlOffset);
        if (written < 0) {
            return false;
        }
        controlOffset += written;
        if (controlOffset == frame.length) {
            controlOffset = 0;
            controlFrame = null;
            controlBytes.addAndGet(-cost(frame));
        }
        return true;
    }

    private boolean writeData(ByteBuf out, Frame frame) {
        int written = writeSlice(out, frame, dataOffset);
        if (written < 0) {
            return false;
        }
        dataOffset += written;
        dataBytesInBuffer += written;
        if (dataOffset == frame.length) {
            dataOffset = 0;
            dataFrame = null;
        }
        return true;
    }

    /** Writes the next slice of a frame if it fits; returns its length, or -1. */
    private int writeSlice(ByteBuf out, Frame frame, int offset) {
        int left = frame.length - offset;
        int length = Math.min(left, Wire.SLICE_BYTES);
        if (!fits(out, length)) {
            return -1;
        }
        Wire.write(out, crc, frame.kind, left, frame.bytes, offset, length);
        return length;
    }

    private static boolean fits(ByteBuf out, int length) {
        return out.writableBytes() >= Wire.HEADER_BYTES + length;
    }

    private static int cost(Frame frame) {
        return frame.length + FRAME_OVERHEAD_BYTES;
    }
}
