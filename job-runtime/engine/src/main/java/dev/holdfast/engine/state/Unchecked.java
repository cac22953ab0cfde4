package dev.holdfast.engine.state;

import dev.holdfast.engine.type.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** The one place where types that the declarations vouch for are taken on trust. */
final class Unchecked {
    private Unchecked() {}

    @SuppressWarnings("unchecked")
    static TypeSerializer<Object> serializer(TypeSerializer<?> serializer) {
        return (TypeSerializer<Object>) serializer;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T> T cast(Object value) {
        return (T) value;
    }

    /** As {@link #cast}, where the type itself may allow null. */
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    static <T extends @Nullable Object> T castNullable(@Nullable Object value) {
        return (T) value;
    }
}
