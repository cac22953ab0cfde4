package dev.holdfast.engine.link;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.protocol.Message;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages as frames, and back: the one place that knows how they are encoded.
 *
 * <pre>
 * version (1 byte)  kind (1 byte)  payload
 * </pre>
 *
 * The kind is PART or LAST: a message is as many parts as its length needs, then a last one. Or it is REFUSAL: the sender closes, and
 * the payload is the reason in UTF-8. Version byte, kind byte and the refusal never change, so that two releases can tell each other
 * that they do not fit. Not thread-safe: each side of a connection has its own.
 */
final class MessageCodec {
    /** Raised by any change of any message. Both sides must have the same: a job's processes run one release. */
    static final int VERSION = 3;

    /** More is no message of ours: the largest are restore points of jobs with very many files. */
    static final int MAX_MESSAGE_BYTES = 256 << 20;

    private static final int PART = 0;
    private static final int LAST = 1;
    private static final int REFUSAL = 2;
    private static final int HEAD_BYTES = 2;
    private static final int MAX_REFUSAL_BYTES = 8 * 1024;

    private static final TypeSerializer<Message> SERIALIZER = TypeSerializers.of(Type.of(Message.class));

    private @Nullable DataWriter joining;

    /** Does nothing but load this class, and with it its serializer. Returns the version of the messages. */
    static int prepare() {
        return VERSION;
    }

    /** What a frame brings. */
    sealed interface Read {
        /** A part; the message goes on. */
        record More() implements Read {}

        record Whole(Message message) implements Read {}

        /** The other side closes. */
        record Refusal(String reason) implements Read {}
    }

    static List<byte[]> encode(Message message) {
        DataWriter whole = new DataWriter(256);
        SERIALIZER.write(message, whole);
        if (whole.size() > MAX_MESSAGE_BYTES) {
            throw new IllegalStateException("a message " + message.getClass().getSimpleName() + " of " + whole.size()
                    + " bytes; the most is " + MAX_MESSAGE_BYTES);
        }
        List<byte[]> frames = new ArrayList<>(1);
        int room = Connection.MAX_FRAME_BYTES - HEAD_BYTES;
        int from = 0;
        for (; whole.size() - from > room; from += room) {
            frames.add(frame(PART, whole.array(), from, room));
        }
        frames.add(frame(LAST, whole.array(), from, whole.size() - from));
        return frames;
    }

    static byte[] encodeRefusal(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return frame(REFUSAL, text, 0, Math.min(text.length, MAX_REFUSAL_BYTES));
    }

    private static byte[] frame(int kind, byte[] payload, int offset, int length) {
        DataWriter out = new DataWriter(HEAD_BYTES + length);
        out.writeByte(VERSION);
        out.writeByte(kind);
        out.writeBytes(payload, offset, length);
        return out.toByteArray();
    }

    /** @throws IllegalStateException if the frame cannot be read; the text says why */
    Read decode(byte[] frame) {
        if (frame.length < HEAD_BYTES) {
            throw new IllegalStateException("a frame of " + frame.length + " bytes is no message");
        }
        int kind = frame[1];
        if (kind == REFUSAL) {
            return new Read.Refusal(new String(frame, HEAD_BYTES, frame.length - HEAD_BYTES, StandardCharsets.UTF_8));
        }
        if (frame[0] != VERSION) {
            throw new IllegalStateException("the other side speaks version " + frame[0]
                    + " of the messages between coordinator and workers, this one version " + VERSION
                    + ". Run the same release of Holdfast in all processes of a job");
        }
        return switch (kind) {
            case PART -> {
                join(frame);
                yield new Read.More();
            }
            case LAST -> {
                if (joining == null) {
                    yield whole(frame, HEAD_BYTES, frame.length - HEAD_BYTES);
                }
                DataWriter all = join(frame);
                joining = null;
                yield whole(all.array(), 0, all.size());
            }
            default -> throw new IllegalStateException("a frame of kind " + kind + " is no message");
        };
    }

    private DataWriter join(byte[] frame) {
        DataWriter all = joining == null ? new DataWriter(2 * frame.length) : joining;
        joining = all;
        if (all.size() + frame.length > MAX_MESSAGE_BYTES + HEAD_BYTES) {
            throw new IllegalStateException("a message of more than " + MAX_MESSAGE_BYTES + " bytes");
        }
        all.writeBytes(frame, HEAD_BYTES, frame.length - HEAD_BYTES);
        return all;
    }

    private static Read whole(byte[] bytes, int offset, int length) {
        DataReader in = new DataReader(bytes, offset, length);
        Message message;
        try {
            message = SERIALIZER.read(in);
        } catch (RuntimeException e) {
            throw new IllegalStateException("a message of " + length + " bytes cannot be read: " + e.getMessage(), e);
        }
        if (in.remaining() != 0) {
            throw new IllegalStateException(in.remaining() + " bytes after the message "
                    + message.getClass().getSimpleName());
        }
        return new Read.Whole(message);
    }
}
