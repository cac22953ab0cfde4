package dev.holdfast.engine.type;

import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import org.jspecify.annotations.Nullable;

/** The place where a type refers to itself: counts the depth, for the stack is finite. */
final class RecursiveCodec implements Codec<Object> {
    /** Levels that the size of a value is summed over; what lies deeper counts as {@link #DEEP_BYTES}. */
    private static final int MAX_SIZE_DEPTH = 4;

    private static final int DEEP_BYTES = 128;

    private final String name;
    private @Nullable Codec<Object> target;

    /** @param name of the type, for errors */
    RecursiveCodec(String name) {
        this.name = name;
    }

    /** Once, before first use. */
    void complete(Codec<Object> codec) {
        target = codec;
    }

    @Override
    public void write(Object value, DataWriter out, int depth) {
        if (depth >= MAX_DEPTH) {
            throw new UnrecoverableException(
                    "HF-TYP-005",
                    "a value of " + name + " nests more than " + MAX_DEPTH
                            + " levels deep. Keep long chains as a List; perhaps the value holds itself.");
        }
        target().write(value, out, depth + 1);
    }

    @Override
    public Object read(DataReader in, int depth) {
        if (depth >= MAX_DEPTH) {
            throw new IllegalStateException("damaged value at byte " + in.position() + ": " + name + " nests more than "
                    + MAX_DEPTH + " levels deep");
        }
        return target().read(in, depth + 1);
    }

    @Override
    public int sizeBytes(Object value, int depth) {
        return depth >= MAX_SIZE_DEPTH ? DEEP_BYTES : target().sizeBytes(value, depth + 1);
    }

    private Codec<Object> target() {
        Codec<Object> codec = target;
        if (codec == null) {
            throw new IllegalStateException("codec of " + name + " used before it was complete");
        }
        return codec;
    }
}
