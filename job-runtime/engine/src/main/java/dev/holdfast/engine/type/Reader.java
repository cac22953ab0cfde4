package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;

/** Reads values that were written under one given schema. Stateless; any number of threads may use one at once. */
@FunctionalInterface
public interface Reader<T> {

    /** Reads one value. Damaged bytes throw {@link IllegalStateException}. */
    T read(DataReader in);
}
