package dev.holdfast.engine.type;

import dev.holdfast.api.type.Type;

/** Derives the serializer of a type. */
public final class TypeSerializers {
    private TypeSerializers() {}

    /**
     * The serializer of a type. Derived once for each class and kept.
     *
     * @throws dev.holdfast.api.HoldfastException HF-TYP-001 if a component cannot be derived; the text names its path
     */
    public static <T> TypeSerializer<T> of(Type<T> type) {
        throw new UnsupportedOperationException();
    }

    /**
     * The serializer of a key: as {@link #of}, for types whose {@code equals} is equality of the encoded bytes.
     *
     * @throws dev.holdfast.api.HoldfastException HF-TYP-003 if the type holds an array, a set or a map
     */
    public static <K> TypeSerializer<K> ofKey(Type<K> type) {
        throw new UnsupportedOperationException();
    }
}
