package dev.holdfast.engine.state;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.type.Reader;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.List;
import java.util.Map;

/**
 * Stored values of one state: a varint {@code schema version << 1 | has expiry}, then the expiry in 8 bytes (wall-clock
 * milliseconds, little endian) if it has one, then the payload. Frozen. Stateless; any thread.
 *
 * <p>Payloads: the value; for lists and maps a varint {@code count << 1}, then the elements, each with its own expiry in
 * front if the header has one; or, at the root of one that lies in parts, a varint {@code end << 1 | 1} and the varint
 * {@code first}.
 */
abstract sealed class ValueCodec {
    /** What {@link Expiring} takes beside its value. */
    static final int EXPIRING_BYTES = 24;

    private final int version;
    private final int versions;
    /** Whether the state has a time to live today. */
    final boolean expires;

    private ValueCodec(int version, int versions, boolean expires) {
        this.version = version;
        this.versions = versions;
        this.expires = expires;
    }

    /** @param readers by version; {@code version} is the one written */
    static ValueCodec single(
            TypeSerializer<Object> serializer, List<Reader<Object>> readers, int version, boolean expires) {
        return new Single(serializer, readers, version, expires);
    }

    static ValueCodec list(TypeSerializer<Object> element, List<Reader<Object>> readers, int version, boolean expires) {
        return new ListOf(element, readers, version, expires);
    }

    static ValueCodec map(
            TypeSerializer<Object> key,
            TypeSerializer<Object> value,
            List<Reader<Object>> readers,
            int version,
            boolean expires) {
        return new MapOf(key, value, readers, version, expires);
    }

    final void write(Object value, DataWriter out) {
        if (expires) {
            out.writeVarInt((version << 1) | 1);
            out.writeLong(expiresMs(value));
        } else {
            out.writeVarInt(version << 1);
        }
        writePayload(value, out);
    }

    final Object read(DataReader in) {
        int header = in.readVarInt();
        int found = header >>> 1;
        if (found >= versions) {
            throw new IllegalStateException(
                    "damaged value: written under schema version " + found + ", known are 0 to " + (versions - 1));
        }
        boolean hasExpiry = (header & 1) != 0;
        long expiresMs = hasExpiry ? in.readLong() : Expiring.NEVER_MS;
        Object value = readPayload(in, found, hasExpiry, expiresMs);
        if (in.remaining() != 0) {
            throw new IllegalStateException("damaged value: " + in.remaining() + " bytes after its end");
        }
        return value;
    }

    /** The expiry in a stored value, {@link Expiring#NEVER_MS} if it has none. */
    static long storedExpiryMs(byte[] bytes, int offset, int length) {
        DataReader in = new DataReader(bytes, offset, length);
        return (in.readVarInt() & 1) != 0 ? in.readLong() : Expiring.NEVER_MS;
    }

    /** When a value in memory, with all that is in it, has expired. */
    abstract long expiresMs(Object value);

    /** About what a value takes in memory. */
    abstract int sizeBytes(Object value);

    abstract void writePayload(Object value, DataWriter out);

    abstract Object readPayload(DataReader in, int found, boolean hasExpiry, long expiresMs);

    final Object wrap(Object value, long expiresMs) {
        return expires ? new Expiring(value, expiresMs) : value;
    }

    static Object unwrap(Object value) {
        return value instanceof Expiring expiring ? expiring.value() : value;
    }

    private static final class Single extends ValueCodec {
        private final TypeSerializer<Object> serializer;
        private final List<Reader<Object>> readers;

        Single(TypeSerializer<Object> serializer, List<Reader<Object>> readers, int version, boolean expires) {
            super(version, readers.size(), expires);
            this.serializer = serializer;
            this.readers = readers;
        }

        @Override
        long expiresMs(Object value) {
            return value instanceof Expiring expiring ? expiring.expiresMs() : Expiring.NEVER_MS;
        }

        @Override
        int sizeBytes(Object value) {
            return serializer.sizeBytes(unwrap(value)) + (expires ? EXPIRING_BYTES : 0);
        }

        @Override
        void writePayload(Object value, DataWriter out) {
            serializer.write(unwrap(value), out);
        }

        @Override
        Object readPayload(DataReader in, int found, boolean hasExpiry, long expiresMs) {
            return wrap(readers.get(found).read(in), expiresMs);
        }
    }

    private static final class ListOf extends ValueCodec {
        private final TypeSerializer<Object> element;
        private final List<Reader<Object>> readers;

        ListOf(TypeSerializer<Object> element, List<Reader<Object>> readers, int version, boolean expires) {
            super(version, readers.size(), expires);
            this.element = element;
            this.readers = readers;
        }

        @Override
        long expiresMs(Object value) {
            return value instanceof Elements elements ? elements.expiresMs() : ((Split) value).expiresMs();
        }

        @Override
        int sizeBytes(Object value) {
            return value instanceof Elements elements ? elements.sizeBytes() : Split.BYTES;
        }

        @Override
        void writePayload(Object value, DataWriter out) {
            if (!(value instanceof Elements elements)) {
                writeSplit((Split) value, out);
                return;
            }
            out.writeVarInt(elements.size() << 1);
            for (int i = 0; i < elements.size(); i++) {
                writeElement(elements.get(i), element, expires, out);
            }
        }

        @Override
        Object readPayload(DataReader in, int found, boolean hasExpiry, long expiresMs) {
            int head = in.readVarInt();
            if ((head & 1) != 0) {
                return new Split(in.readVarInt(), head >>> 1, expiresMs);
            }
            Reader<Object> reader = readers.get(found);
            Elements elements = new Elements();
            for (int i = head >>> 1; i > 0; i--) {
                long elementExpiresMs = hasExpiry ? in.readLong() : Expiring.NEVER_MS;
                Object read = reader.read(in);
                elements.add(wrap(read, elementExpiresMs), element.sizeBytes(read));
            }
            return elements;
        }
    }

    private static final class MapOf extends ValueCodec {
        private final TypeSerializer<Object> key;
        private final TypeSerializer<Object> value;
        private final List<Reader<Object>> readers;

        MapOf(
                TypeSerializer<Object> key,
                TypeSerializer<Object> value,
                List<Reader<Object>> readers,
                int version,
                boolean expires) {
            super(version, readers.size(), expires);
            this.key = key;
            this.value = value;
            this.readers = readers;
        }

        @Override
        long expiresMs(Object stored) {
            return stored instanceof Pairs pairs ? pairs.expiresMs() : ((Split) stored).expiresMs();
        }

        @Override
        int sizeBytes(Object stored) {
            return stored instanceof Pairs pairs ? pairs.sizeBytes() : Split.BYTES;
        }

        @Override
        void writePayload(Object stored, DataWriter out) {
            if (!(stored instanceof Pairs pairs)) {
                writeSplit((Split) stored, out);
                return;
            }
            out.writeVarInt(pairs.size() << 1);
            for (Map.Entry<Object, Object> pair : pairs.map().entrySet()) {
                writeElement(pair.getValue(), value, expires, out);
                key.write(pair.getKey(), out);
            }
        }

        @Override
        Object readPayload(DataReader in, int found, boolean hasExpiry, long expiresMs) {
            int head = in.readVarInt();
            if ((head & 1) != 0) {
                return new Split(in.readVarInt(), head >>> 1, expiresMs);
            }
            Reader<Object> reader = readers.get(found);
            Pairs pairs = new Pairs();
            for (int i = head >>> 1; i > 0; i--) {
                long pairExpiresMs = hasExpiry ? in.readLong() : Expiring.NEVER_MS;
                Object readValue = reader.read(in);
                Object readKey = key.read(in);
                pairs.put(readKey, wrap(readValue, pairExpiresMs), key.sizeBytes(readKey) + value.sizeBytes(readValue));
            }
            return pairs;
        }
    }

    private static void writeSplit(Split split, DataWriter out) {
        out.writeVarInt((split.end() << 1) | 1);
        out.writeVarInt(split.first());
    }

    private static void writeElement(
            Object element, TypeSerializer<Object> serializer, boolean expires, DataWriter out) {
        if (expires) {
            out.writeLong(element instanceof Expiring expiring ? expiring.expiresMs() : Expiring.NEVER_MS);
        }
        serializer.write(unwrap(element), out);
    }
}
