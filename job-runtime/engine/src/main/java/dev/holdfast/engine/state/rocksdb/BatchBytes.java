package dev.holdfast.engine.state.rocksdb;

import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.state.EntryBytes;
import dev.holdfast.engine.state.EntryCursor;

/**
 * A write batch as RocksDB represents it: eight bytes sequence number, four bytes count, then for each entry a type byte
 * (1 for a value), key and value, each with its length as varint. Built here in one array, it crosses to RocksDB in one
 * call instead of one for each entry.
 */
final class BatchBytes {
    private static final int COUNT_OFFSET = 8;
    private static final int HEADER_BYTES = 12;
    private static final int TYPE_VALUE = 1;

    private BatchBytes() {}

    static byte[] of(EntryBytes entries) {
        DataWriter out = new DataWriter(HEADER_BYTES + entries.length() + entries.length() / 16 + 64);
        out.writeLong(0);
        out.writeInt(0);
        int count = 0;
        try (EntryCursor cursor = entries.cursor()) {
            while (cursor.next()) {
                count++;
                out.writeByte(TYPE_VALUE);
                out.writeVarInt(cursor.keyLength());
                out.writeBytes(cursor.keyBytes(), cursor.keyOffset(), cursor.keyLength());
                out.writeVarInt(cursor.valueLength());
                out.writeBytes(cursor.valueBytes(), cursor.valueOffset(), cursor.valueLength());
            }
        }
        byte[] bytes = out.toByteArray();
        for (int i = 0; i < 4; i++) {
            bytes[COUNT_OFFSET + i] = (byte) (count >>> (8 * i));
        }
        return bytes;
    }
}
