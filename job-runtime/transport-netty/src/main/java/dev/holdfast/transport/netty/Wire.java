package dev.holdfast.transport.netty;

import dev.holdfast.engine.env.Connection.Lane;
import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/**
 * What goes over a connection after the handshake: slices of frames. Numbers are big-endian.
 *
 * <pre>
 *   1 byte   kind: 1 control, 2 data, 3 goodbye
 *   4 bytes  bytes of the frame from this slice on, 0 to MAX_FRAME_BYTES
 *   4 bytes  CRC32C of the five bytes before and of the payload
 *   n bytes  payload: all that is left of the frame, at most SLICE_BYTES
 * </pre>
 *
 * The slices of one frame follow each other within their kind; slices of another kind may stand between them. A goodbye is a
 * text, and the last thing that a side sends.
 */
final class Wire {
    static final int HEADER_BYTES = 9;

    /**
     * The most payload in a slice. A control frame waits for the slice that is being written, so this is part of the 256 KB
     * that it waits for at most ({@link Outbound#HIGH_WATER_BYTES} has the sum). Smaller ones cost more headers and calls.
     */
    static final int SLICE_BYTES = 64 << 10;

    static final int CONTROL = 1;
    static final int DATA = 2;
    static final int GOODBYE = 3;

    /** A reason is a sentence, not a dump. */
    static final int MAX_GOODBYE_BYTES = 1024;

    private Wire() {}

    static int kind(Lane lane) {
        return switch (lane) {
            case CONTROL -> CONTROL;
            case DATA -> DATA;
        };
    }

    /** Appends a slice: {@code length} bytes of the frame at {@code offset}, of {@code left} that are left from there. */
    static void write(ByteBuf out, CRC32C crc, int kind, int left, byte[] frame, int offset, int length) {
        out.writeByte(kind);
        out.writeInt(left);
        out.writeInt(checksum(crc, kind, left, frame, offset, length));
        out.writeBytes(frame, offset, length);
    }

    static int checksum(CRC32C crc, int kind, int left, byte[] frame, int offset, int length) {
        crc.reset();
        crc.update(kind);
        crc.update(left >>> 24);
        crc.update(left >>> 16);
        crc.update(left >>> 8);
        crc.update(left);
        crc.update(frame, offset, length);
        return (int) crc.getValue();
    }
}
