package dev.holdfast.engine.state;

import dev.holdfast.engine.type.TypeSerializer;

/** The one place where types that the declarations vouch for are taken on trust. */
final class Unchecked {
    private Unchecked() {}

    @SuppressWarnings("unchecked")
    static TypeSerializer<Object> serializer(TypeSerializer<?> serializer) {
        return (TypeSerializer<Object>) serializer;
    }

    @SuppressWarnings("unchecked")
    static <T> T cast(Object value) {
        return (T) value;
    }
}
