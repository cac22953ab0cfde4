package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;

/**
 * The inside of a serializer. Other than {@link TypeSerializer} it counts how deep a recursive type has come, and leaves
 * it to its caller to explain failures: a null value throws {@link NullPointerException} wherever it is met.
 *
 * <p>Every value takes at least one byte, so that the count of a collection is never more than the bytes that are left.
 * Implementations are records where they hold other codecs: the compiler of the JVM trusts the fields of records.
 */
interface Codec<T> {

    /**
     * How often a value may go through a recursive type. Each level takes a few stack frames, and a thread's stack is
     * 1 MB by default; a chain this long is better kept as a list.
     */
    int MAX_DEPTH = 500;

    void write(T value, DataWriter out, int depth);

    T read(DataReader in, int depth);

    /** About how many bytes of heap a value takes. */
    int sizeBytes(T value, int depth);

    /** The size of every value if they are all of the same size, else -1. */
    default int fixedBytes() {
        return -1;
    }

    @SuppressWarnings("unchecked") // each codec is asked only for values of the shape that it was made for
    static Codec<Object> erased(Codec<?> codec) {
        return (Codec<Object>) codec;
    }
}
