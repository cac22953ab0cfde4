package dev.holdfast.engine.checkpoint;

import java.util.Arrays;

/** Bytes that this package keeps and does not look into. Compared by content; not to be changed. */
public record Opaque(byte[] bytes) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Opaque opaque && Arrays.equals(bytes, opaque.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
