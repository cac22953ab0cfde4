package dev.holdfast.api.type;

/**
 * A format of one's own. Must be stateless: all tasks share it, and several threads call it at once. What an older
 * version wrote must stay readable for as long as state of it exists.
 */
public interface Serializer<T> {

    /** Version of what {@link #write} writes, from 1. A restored state of a newer version is refused. */
    default int version() {
        return 1;
    }

    void write(T value, DataWriter out);

    /**
     * Reads a value.
     *
     * @param version the version that wrote it, at most {@link #version}
     */
    T read(DataReader in, int version);

    /** About how many bytes of heap a value takes; used for the memory budget. */
    default int sizeBytes(T value) {
        return 64;
    }
}
