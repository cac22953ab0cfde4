package dev.holdfast.engine.type;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;

/** The outside of a codec: explains what went wrong. A value that cannot be written leaves no bytes behind. */
record DerivedSerializer<T>(Shape shape, String path, Schema schema, Codecs codecs, Codec<T> codec)
        implements Derived<T> {

    @Override
    public void write(T value, DataWriter out) {
        int start = out.size();
        try {
            codec.write(value, out, 0);
        } catch (RuntimeException e) {
            throw explained(shape, path, value, e, out, start);
        }
    }

    @Override
    public T read(DataReader in) {
        return guarded(codec, path, in);
    }

    @Override
    public int sizeBytes(T value) {
        return codec.sizeBytes(value, 0);
    }

    static RuntimeException explained(
            Shape shape, String path, Object value, RuntimeException e, DataWriter out, int start) {
        if (out.size() > start) {
            out.truncate(start);
        }
        if (e instanceof HoldfastException) {
            return e;
        }
        WrongValue found = WrongValue.find(shape, value, path);
        return found == null ? e : new UnrecoverableException(found.code(), found.path() + " " + found.text(), e);
    }

    /** Constructors of records and of the JDK refuse damaged bytes in their own ways: one way for all. */
    static <T> T guarded(Codec<T> codec, String path, DataReader in) {
        int start = in.position();
        try {
            return codec.read(in, 0);
        } catch (IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "value of " + path + " at bytes " + start + " to " + in.position()
                            + " cannot be read: damaged, or refused by a constructor: " + e,
                    e);
        }
    }
}
