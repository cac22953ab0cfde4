package dev.holdfast.engine.state;

/** Sorted entries, one after the other. What the accessors return is valid until the next {@link #next}. */
public interface EntryCursor extends AutoCloseable {

    /** Goes to the next entry, at first to the first; false at the end. */
    boolean next();

    byte[] keyBytes();

    int keyOffset();

    int keyLength();

    byte[] valueBytes();

    int valueOffset();

    /** 0 for a deletion. */
    int valueLength();

    @Override
    void close();
}
