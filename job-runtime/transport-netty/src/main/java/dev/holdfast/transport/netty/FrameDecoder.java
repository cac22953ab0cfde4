package dev.holdfast.transport.netty;

import dev.holdfast.engine.env.Connection;
import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of the bytes of one connection; the format is that of {@link Wire}.
 *
 * <ol>
 *   <li>Nine bytes of a header are collected.
 *   <li>The first slice of a frame says how long the frame is. Its array is made then, at most one for each kind, and never longer
 *       than the longest frame. The slices' payload goes straight into it.
 *   <li>After each slice its checksum is compared. After the last one the frame is handed on.
 * </ol>
 *
 * After an exception it must not be used again. For one thread.
 */
final class FrameDecoder {
    /** Takes whole frames. */
    interface Sink {
        void frame(int kind, byte[] frame);

        /** Whether to go on; asked after each frame. */
        boolean wantsMore();
    }

    private static final byte[] EMPTY = {};

    private final byte[] header = new byte[Wire.HEADER_BYTES];
    private final CRC32C crc = new CRC32C();
    private final Partial[] partials = {new Partial(), new Partial(), new Partial()};
    private int headerBytes;
    private @Nullable Partial current;
    private int kind;
    private int left;
    private int checksum;
    private int sliceLength;
    private int sliceRead;

    /** A frame of which some slices have come. */
    private static final class Partial {
        private byte[] bytes = EMPTY;
        private int read;
    }

    /** Reads all that is there, or up to the frame after which the sink wants no more. */
    void read(ByteBuf in, Sink sink) throws PeerException {
        while (in.isReadable()) {
            Partial partial = current;
            if (partial == null) {
                partial = readHeader(in);
                if (partial == null) {
                    return;
                }
                current = partial;
            }
            int count = Math.min(in.readableBytes(), sliceLength - sliceRead);
            in.readBytes(partial.bytes, partial.read + sliceRead, count);
            sliceRead += count;
            if (sliceRead < sliceLength) {
                return;
            }
            current = null;
            endOfSlice(partial, sink);
            if (!sink.wantsMore()) {
                return;
            }
        }
    }

    /** Whether the bytes so far end within a frame. */
    boolean isWithinFrame() {
        if (headerBytes > 0 || current != null) {
            return true;
        }
        for (Partial partial : partials) {
            if (partial.bytes.length > 0) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Partial readHeader(ByteBuf in) throws PeerException {
        int count = Math.min(in.readableBytes(), Wire.HEADER_BYTES - headerBytes);
        in.readBytes(header, headerBytes, count);
        headerBytes += count;
        if (headerBytes < Wire.HEADER_BYTES) {
            return null;
        }
        headerBytes = 0;
        kind = header[0];
        left = number(1);
        checksum = number(5);
        if (kind < Wire.CONTROL || kind > Wire.GOODBYE) {
            throw damaged("kind of slice " + kind + ", expected 1 to 3");
        }
        Partial partial = partials[kind - 1];
        if (partial.bytes.length == 0) {
            int most = kind == Wire.GOODBYE ? Wire.MAX_GOODBYE_BYTES : Connection.MAX_FRAME_BYTES;
            if (left < 0 || left > most) {
                throw damaged("frame of " + (left & 0xFFFF_FFFFL) + " bytes, expected at most " + most);
            }
            partial.bytes = left == 0 ? EMPTY : new byte[left];
        } else if (left != partial.bytes.length - partial.read) {
            throw damaged("slice that leaves " + left + " bytes of its frame, expected "
                    + (partial.bytes.length - partial.read));
        }
        sliceLength = Math.min(left, Wire.SLICE_BYTES);
        sliceRead = 0;
        return partial;
    }

    private void endOfSlice(Partial partial, Sink sink) throws PeerException {
        if (Wire.checksum(crc, kind, left, partial.bytes, partial.read, sliceLength) != checksum) {
            throw damaged("checksum of a slice of " + sliceLength + " bytes is wrong");
        }
        partial.read += sliceLength;
        if (partial.read == partial.bytes.length) {
            byte[] frame = partial.bytes;
            partial.bytes = EMPTY;
            partial.read = 0;
            sink.frame(kind, frame);
        }
    }

    private int number(int at) {
        return (header[at] & 0xFF) << 24
                | (header[at + 1] & 0xFF) << 16
                | (header[at + 2] & 0xFF) << 8
                | (header[at + 3] & 0xFF);
    }

    private static PeerException damaged(String what) {
        return new PeerException(PeerException.DAMAGED, "damaged frame: " + what);
    }
}
