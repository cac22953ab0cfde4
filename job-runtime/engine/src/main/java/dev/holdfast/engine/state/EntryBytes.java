package dev.holdfast.engine.state;

import dev.holdfast.api.type.DataWriter;

/**
 * Sorted entries in one piece of memory, in the format {@code ENTRIES}: for each entry the length of its key as varint,
 * the length of its value as varint, the key, the value. An empty value is a deletion. Frozen.
 */
public record EntryBytes(byte[] bytes, int offset, int length) {

    /** Reads the entries; damaged bytes throw {@link IllegalStateException}. */
    public EntryCursor cursor() {
        return new Cursor(bytes, offset, length);
    }

    /** Appends an entry. */
    static void append(
            DataWriter out, byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
        out.writeVarInt(keyLength);
        out.writeVarInt(valueLength);
        out.writeBytes(key, keyOffset, keyLength);
        out.writeBytes(value, valueOffset, valueLength);
    }

    private static final class Cursor implements EntryCursor {
        private final byte[] bytes;
        private final int start;
        private final int end;
        private int position;
        private int keyLength;
        private int valueLength;

        Cursor(byte[] bytes, int offset, int length) {
            this.bytes = bytes;
            this.start = offset;
            this.position = offset;
            this.end = offset + length;
        }

        @Override
        public boolean next() {
            position += keyLength + valueLength;
            if (position == end) {
                keyLength = 0;
                valueLength = 0;
                return false;
            }
            keyLength = varInt();
            valueLength = varInt();
            if (keyLength < 1 || valueLength < 0 || (long) keyLength + valueLength > end - position) {
                throw damaged();
            }
            return true;
        }

        private int varInt() {
            int value = 0;
            for (int shift = 0; shift < 35 && position < end; shift += 7) {
                byte next = bytes[position++];
                value |= (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw damaged();
        }

        private IllegalStateException damaged() {
            return new IllegalStateException("damaged entries: byte " + (position - start) + " of " + (end - start)
                    + " does not begin an entry that ends within them");
        }

        @Override
        public byte[] keyBytes() {
            return bytes;
        }

        @Override
        public int keyOffset() {
            return position;
        }

        @Override
        public int keyLength() {
            return keyLength;
        }

        @Override
        public byte[] valueBytes() {
            return bytes;
        }

        @Override
        public int valueOffset() {
            return position + keyLength;
        }

        @Override
        public int valueLength() {
            return valueLength;
        }

        @Override
        public void close() {}
    }
}
