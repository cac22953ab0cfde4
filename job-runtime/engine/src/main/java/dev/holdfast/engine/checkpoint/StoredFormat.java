package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.type.Evolution;
import dev.holdfast.engine.type.Reader;
import dev.holdfast.engine.type.Schema;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.Arrays;

/**
 * Values as objects of their own: manifests, log slots, markers. They carry their schema, so a newer version reads what an
 * older one wrote by the rules by which state evolves.
 *
 * <pre>
 * "HFST"  format (1 byte)  kind (1 byte)  length of schema (varint)  schema  length of value (varint)  value  CRC32C (4 bytes LE)
 * </pre>
 *
 * The checksum is of everything before it.
 */
final class StoredFormat<T> {
    static final StoredFormat<LogEntry> LOG_ENTRY = new StoredFormat<>(1, "log slot", LogEntry.class);
    static final StoredFormat<Manifest> MANIFEST = new StoredFormat<>(2, "manifest", Manifest.class);
    static final StoredFormat<Marker> MARKER = new StoredFormat<>(3, "marker", Marker.class);

    private static final byte[] MAGIC = {'H', 'F', 'S', 'T'};
    private static final int FORMAT = 1;
    private static final int HEADER_BYTES = MAGIC.length + 2;
    private static final int CRC_BYTES = 4;

    /**
     * A small object that says who wrote it: committed, boundary and savepoint markers.
     *
     * @param number what the marker is about: a log slot, or the number of the checkpoint that a savepoint is made of
     */
    record Marker(long number, long generation, String token) {}

    private final int kind;
    private final String kindName;
    private final TypeSerializer<T> serializer;
    private final byte[] schema;

    StoredFormat(int kind, String kindName, Class<T> type) {
        this.kind = kind;
        this.kindName = kindName;
        this.serializer = TypeSerializers.of(Type.of(type));
        this.schema = serializer.schema().encode();
    }

    byte[] encode(T value) {
        DataWriter payload = new DataWriter();
        serializer.write(value, payload);
        DataWriter out = new DataWriter(payload.size() + schema.length + 32);
        out.writeBytes(MAGIC);
        out.writeByte(FORMAT);
        out.writeByte(kind);
        out.writeVarInt(schema.length);
        out.writeBytes(schema);
        out.writeVarInt(payload.size());
        out.writeBytes(payload.array(), 0, payload.size());
        out.writeInt(Checksums.crc32c(out.array(), 0, out.size()));
        return out.toByteArray();
    }

    /** Whether the bytes claim to be of this kind, sound or not. */
    boolean mayBe(byte[] bytes) {
        return bytes.length >= HEADER_BYTES
                && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                && bytes[MAGIC.length + 1] == kind;
    }

    /**
     * @param object the store's key, for errors
     * @throws SnapshotException if these are not the bytes of a value of this kind
     */
    T decode(String object, byte[] bytes) {
        if (bytes.length < HEADER_BYTES + CRC_BYTES) {
            throw SnapshotException.damaged(
                    object,
                    "expected a " + kindName + " of at least " + (HEADER_BYTES + CRC_BYTES) + " bytes, found "
                            + bytes.length,
                    null);
        }
        if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw SnapshotException.damaged(object, "expected a " + kindName + ", found bytes of another kind", null);
        }
        int end = bytes.length - CRC_BYTES;
        int expected = new DataReader(bytes, end, CRC_BYTES).readInt();
        int found = Checksums.crc32c(bytes, 0, end);
        if (expected != found) {
            throw SnapshotException.damaged(
                    object, Checksums.differ(expected, found) + " over its " + bytes.length + " bytes", null);
        }
        // The checksum holds, so a format that is not known was written by a newer version.
        int format = bytes[MAGIC.length];
        if (format != FORMAT) {
            throw SnapshotException.newerFormat(object, format, FORMAT);
        }
        if (bytes[MAGIC.length + 1] != kind) {
            throw SnapshotException.damaged(
                    object,
                    "expected a " + kindName + " (kind " + kind + "), found kind " + bytes[MAGIC.length + 1],
                    null);
        }
        try {
            return read(new DataReader(bytes, HEADER_BYTES, end - HEADER_BYTES));
        } catch (SnapshotException e) {
            throw e;
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException | HoldfastException e) {
            throw SnapshotException.damaged(
                    object, "expected a " + kindName + " that this version can read, found: " + e.getMessage(), e);
        }
    }

    private T read(DataReader in) {
        byte[] writtenSchema = in.readBytes(in.readLength());
        Reader<T> reader = Arrays.equals(writtenSchema, schema)
                ? serializer::read
                : Evolution.reader(Schema.decode(writtenSchema), serializer);
        int length = in.readLength();
        if (length != in.remaining()) {
            throw new IllegalStateException("a value of " + length + " bytes within " + in.remaining());
        }
        T value = reader.read(in);
        if (in.remaining() != 0) {
            throw new IllegalStateException(in.remaining() + " bytes after the value");
        }
        return value;
    }
}
