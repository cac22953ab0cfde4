package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.graph.KeyGroups;

/**
 * Encodes and hashes keys. Not thread-safe: it has a buffer, so there is one for each task.
 *
 * @param <K> a type that {@link TypeSerializers#ofKey} accepts
 */
public final class KeyCodec<K> {
    /** Above this many bytes the buffer of a large key is not kept. */
    private static final int MAX_KEPT_BYTES = 64 * 1024;

    private final TypeSerializer<K> serializer;
    private DataWriter buffer = new DataWriter();

    /** @param serializer from {@link TypeSerializers#ofKey} */
    public KeyCodec(TypeSerializer<K> serializer) {
        this.serializer = serializer;
    }

    /** {@link KeyGroups#hash} of the encoded key. */
    public int hash(K key) {
        buffer.clear();
        serializer.write(key, buffer);
        int hash = KeyGroups.hash(buffer.array(), 0, buffer.size());
        if (buffer.size() > MAX_KEPT_BYTES) {
            buffer = new DataWriter();
        }
        return hash;
    }

    public void encode(K key, DataWriter out) {
        serializer.write(key, out);
    }

    public K decode(DataReader in) {
        return serializer.read(in);
    }
}
