package dev.holdfast.engine.state;

import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.type.TypeSerializer;

/**
 * Stored keys: operator id, key group, state id (two bytes each, big endian), length of the key as varint, the key, and
 * for a part its index (four bytes, big endian). Frozen. Stateless; any thread.
 */
record KeyWriter(int operatorId, int maxParallelism, TypeSerializer<Object> serializer) {
    /** Bytes before the length of the key; entries of one state and key group have them in common. */
    static final int PREFIX_BYTES = 6;

    private static final int STATE_OFFSET = 4;

    void write(int stateId, Object key, int hash, int part, DataWriter out) {
        int keyGroup = KeyGroups.keyGroup(hash, maxParallelism);
        int lengthAt = out.size() + PREFIX_BYTES;
        // Operator, key group, state, and a zero where the length goes, all in one piece.
        long prefix = (long) operatorId << 48 | (keyGroup & 0xFFFFL) << 32 | (stateId & 0xFFFFL) << 16;
        out.writeLong(Long.reverseBytes(prefix));
        out.truncate(lengthAt + 1);
        serializer.write(key, out);
        int length = out.size() - lengthAt - 1;
        if (length < 0x80) {
            out.array()[lengthAt] = (byte) length;
        } else {
            byte[] bytes = new byte[length];
            System.arraycopy(out.array(), lengthAt + 1, bytes, 0, length);
            out.truncate(lengthAt);
            out.writeVarInt(length);
            out.writeBytes(bytes);
        }
        if (part != Entry.ROOT) {
            out.writeByte(part >>> 24);
            out.writeByte(part >>> 16);
            out.writeByte(part >>> 8);
            out.writeByte(part);
        }
    }

    /** The key group in a stored key. */
    static int keyGroup(byte[] bytes, int offset) {
        return ((bytes[offset + 2] & 0xFF) << 8) | (bytes[offset + 3] & 0xFF);
    }

    /** The state id in a stored key. */
    static int stateId(byte[] bytes, int offset) {
        return ((bytes[offset + STATE_OFFSET] & 0xFF) << 8) | (bytes[offset + STATE_OFFSET + 1] & 0xFF);
    }
}
