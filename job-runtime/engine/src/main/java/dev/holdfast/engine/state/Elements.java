package dev.holdfast.engine.state;

import java.util.Arrays;

/**
 * Elements of a list, or of a part of one; {@link Expiring} ones where the state has a time to live. What lies in the array
 * below {@link #size} never changes: a copy shares the array, and only the newest copy appends. So freezing a list takes
 * constant time.
 */
final class Elements {
    private static final int OVERHEAD_BYTES = 64;

    private Object[] array;
    private int size;
    private int sizeBytes;
    private long expiresMs;

    Elements() {
        this(new Object[4], 0, OVERHEAD_BYTES, Long.MIN_VALUE);
    }

    private Elements(Object[] array, int size, int sizeBytes, long expiresMs) {
        this.array = array;
        this.size = size;
        this.sizeBytes = sizeBytes;
        this.expiresMs = expiresMs;
    }

    /** To be changed in place of this one, which must not be changed any more. */
    Elements copy() {
        return new Elements(array, size, sizeBytes, expiresMs);
    }

    void add(Object element, int elementBytes) {
        if (size == array.length) {
            array = Arrays.copyOf(array, size * 2);
        }
        array[size++] = element;
        sizeBytes += elementBytes;
        expiresMs =
                Math.max(expiresMs, element instanceof Expiring expiring ? expiring.expiresMs() : Expiring.NEVER_MS);
    }

    Object get(int index) {
        return array[index];
    }

    int size() {
        return size;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** When the last element expires. */
    long expiresMs() {
        return expiresMs;
    }
}
