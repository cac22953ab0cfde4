package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;

/**
 * Encodes and hashes keys. Not thread-safe: it has a buffer, so there is one for each task.
 *
 * @param <K> a type that {@link TypeSerializers#ofKey} accepts
 */
public final class KeyCodec<K> {
    /** A buffer that one large key made larger than this is not kept. */
    private static final int MAX_KEPT_BYTES = 64 * 1024;

    private final TypeSerializer<K> serializer;
    private final Kind kind;
    private DataWriter buffer = new DataWriter();

    /** Keys whose hash needs no call of a serializer. */
    private enum Kind {
        LONG,
        INTEGER,
        STRING,
        OTHER
    }

    /** @param serializer from {@link TypeSerializers#ofKey} */
    public KeyCodec(TypeSerializer<K> serializer) {
        this.serializer = serializer;
        if (serializer.equals(DirectSerializers.LONG)) {
            kind = Kind.LONG;
        } else if (serializer.equals(DirectSerializers.INTEGER)) {
            kind = Kind.INTEGER;
        } else if (serializer.equals(DirectSerializers.STRING)) {
            kind = Kind.STRING;
        } else {
            kind = Kind.OTHER;
        }
    }

    /** {@link KeyHash} of the encoded key. */
    public int hash(K key) {
        if (kind == Kind.LONG && key instanceof Long number) {
            return KeyHash.ofLong(number);
        } else if (kind == Kind.INTEGER && key instanceof Integer number) {
            return KeyHash.ofInt(number);
        }
        DataWriter out = buffer;
        out.clear();
        encode(key, out);
        int size = out.size();
        int hash = KeyHash.of(out.array(), 0, size);
        if (size > MAX_KEPT_BYTES) {
            buffer = new DataWriter();
        }
        return hash;
    }

    public void encode(K key, DataWriter out) {
        if (kind == Kind.STRING) {
            DirectSerializers.STRING.write((String) key, out);
        } else {
            serializer.write(key, out);
        }
    }

    public K decode(DataReader in) {
        return serializer.read(in);
    }
}
