package dev.holdfast.engine.exchange.network;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;

/**
 * The bytes that workers send to each other, after the {@link Greeting}:
 *
 * <pre>
 * DATA    attempt (varint)  channel (3 varints)  content (1 byte)  payload     in the data lane
 * CREDIT  attempt (varint)  channel (3 varints)  limit (varint)                in the control lane
 * </pre>
 *
 * Content is one of BARRIER (payload: checkpoint as varint), END, PROBE (payload: time of sending as varint), RECORDS, KEYED_RECORDS; or PART and LAST_PART: pieces of what is
 * too long for the transport, which together are one content byte and its payload. Records: for each its key's hash (4 bytes, only if keyed) and its
 * value; at the end their number (4 bytes), since a value may have no bytes at all.
 */
final class Frames {
    static final int GREETING = 1;
    static final int DATA = 2;
    static final int CREDIT = 3;

    static final int BARRIER = 0;
    static final int END = 1;
    static final int RECORDS = 2;
    static final int KEYED_RECORDS = 3;
    static final int PART = 4;
    static final int LAST_PART = 5;
    static final int PROBE = 6;

    private Frames() {}

    /** What each data frame of a channel begins with. */
    static byte[] dataHead(long attempt, ChannelId channel) {
        return head(DATA, attempt, channel).toByteArray();
    }

    static byte[] credit(long attempt, ChannelId channel, long limitBytes) {
        DataWriter out = head(CREDIT, attempt, channel);
        out.writeVarLong(limitBytes);
        return out.toByteArray();
    }

    private static DataWriter head(int kind, long attempt, ChannelId channel) {
        DataWriter out = new DataWriter(32);
        out.writeByte(kind);
        out.writeVarLong(attempt);
        channel.write(out);
        return out;
    }

    /** The beginning of a frame of an attempt. */
    record Head(int kind, long attempt, ChannelId channel) {
        /** Reads it; the reader stands behind it then. Throws {@link IllegalStateException} on damaged bytes. */
        static Head read(DataReader in) {
            return new Head(in.readByte(), in.readVarLong(), ChannelId.read(in));
        }
    }
}
