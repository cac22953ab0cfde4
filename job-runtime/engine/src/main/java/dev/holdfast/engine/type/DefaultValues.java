package dev.holdfast.engine.type;

import dev.holdfast.api.HoldfastException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a component is in values that were written before it existed. */
final class DefaultValues {
    private DefaultValues() {}

    /**
     * The default of a component, null if it has none.
     *
     * @param text of the {@link dev.holdfast.api.type.Default}, null if there is none
     */
    static @Nullable Object of(Shape shape, @Nullable String text, String path) {
        if (text == null) {
            return empty(shape);
        }
        return switch (shape) {
            case Shape.Leaf(LeafCodec<?> codec) -> parse(codec, text, path);
            case Shape.Enumeration enumeration ->
                enumeration.constants().stream()
                        .filter(constant -> constant.name().equals(text))
                        .findFirst()
                        .orElseThrow(() -> wrong(path, text, "one of " + String.join(", ", enumeration.names()), null));
            case Shape.OptionalOf(Class<?> javaClass, Shape element)
            when javaClass == Optional.class -> {
                Object value = of(element, text, path);
                yield value == null ? null : Optional.of(value);
            }
            case Shape.Record record -> throw hasNone(path, shape);
            case Shape.Sealed sealed -> throw hasNone(path, shape);
            case Shape.ListOf list -> throw hasNone(path, shape);
            case Shape.SetOf set -> throw hasNone(path, shape);
            case Shape.MapOf map -> throw hasNone(path, shape);
            case Shape.OptionalOf optional -> throw hasNone(path, shape);
            case Shape.Custom custom -> throw hasNone(path, shape);
        };
    }

    private static @Nullable Object empty(Shape shape) {
        return switch (shape) {
            case Shape.ListOf list -> List.of();
            case Shape.SetOf set -> Set.of();
            case Shape.MapOf map -> Map.of();
            case Shape.OptionalOf(Class<?> javaClass, Shape element) -> {
                if (javaClass == OptionalInt.class) {
                    yield OptionalInt.empty();
                } else if (javaClass == OptionalLong.class) {
                    yield OptionalLong.empty();
                } else if (javaClass == OptionalDouble.class) {
                    yield OptionalDouble.empty();
                }
                yield Optional.empty();
            }
            case Shape.Leaf leaf -> null;
            case Shape.Enumeration enumeration -> null;
            case Shape.Record record -> null;
            case Shape.Sealed sealed -> null;
            case Shape.Custom custom -> null;
        };
    }

    private static Object parse(LeafCodec<?> codec, String text, String path) {
        try {
            return codec.parser().apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw wrong(path, text, codec.schema().toString(), e);
        }
    }

    private static HoldfastException hasNone(String path, Shape shape) {
        return new HoldfastException(
                "HF-TYP-004",
                path + ": a component of type " + shape.javaClass().getTypeName() + " cannot have a @Default. Make it"
                        + " Optional, which is empty by default; lists, sets and maps are empty without the annotation.");
    }

    private static HoldfastException wrong(String path, String text, String expected, @Nullable Exception cause) {
        return new HoldfastException(
                "HF-TYP-004",
                path + ": @Default(\"" + text + "\") does not stand for a value of the component; expected " + expected
                        + (cause == null ? "" : " (" + cause.getMessage() + ")") + ". Correct the text.",
                cause);
    }
}
