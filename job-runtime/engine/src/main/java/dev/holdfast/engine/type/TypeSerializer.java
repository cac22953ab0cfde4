package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;

/** Writes and reads values of one type. Stateless; any number of threads may use one at once. Values are never null. */
public interface TypeSerializer<T> {

    void write(T value, DataWriter out);

    /** Reads what {@link #write} of the same schema wrote. Damaged bytes throw {@link IllegalStateException}. */
    T read(DataReader in);

    /** What the bytes mean; two serializers with equal schemas read each other's bytes. */
    Schema schema();

    /** About how many bytes of heap a value takes, for memory budgets. Cheap: does not walk large values. */
    int sizeBytes(T value);
}
