package dev.holdfast.engine.type;

import java.util.Optional;

/** Whether and how values of an older schema are read today. */
public final class Evolution {
    private Evolution() {}

    /**
     * Reads values that were written under an older schema; the serializer's own {@code read} if the bytes are the same.
     *
     * @throws dev.holdfast.api.HoldfastException HF-TYP-010 if the change is not a compatible one
     */
    public static <T> Reader<T> reader(Schema written, TypeSerializer<T> current) {
        throw new UnsupportedOperationException();
    }

    /** Why values of {@code state} written under {@code written} cannot be read today; empty if they can. */
    public static Optional<String> check(String state, Schema written, TypeSerializer<?> current) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #check} for keys, whose bytes must be the same: they decide where an entry lies. */
    public static Optional<String> checkKey(String state, Schema written, TypeSerializer<?> current) {
        throw new UnsupportedOperationException();
    }
}
