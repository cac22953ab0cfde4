package dev.holdfast.engine.type;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a value could not be written: walks value and shape side by side until it meets a null, a value of another
 * class or a string without an encoded form. Runs only after a failure, so writing itself checks nothing.
 *
 * @param path of the offending part
 * @param code of the error
 * @param text what is wrong and what to do
 */
record WrongValue(String path, String code, String text) {
    /** Levels of any kind that are searched: more than most values have, and no danger to the stack. */
    private static final int MAX_LEVELS = 3 * Codec.MAX_DEPTH;

    static @Nullable WrongValue find(Shape shape, @Nullable Object value, String path) {
        return find(shape, value, path, 0);
    }

    private static @Nullable WrongValue find(Shape shape, @Nullable Object value, String path, int depth) {
        if (value == null) {
            return new WrongValue(
                    path,
                    "HF-TYP-002",
                    "is null. Values and their components are never null; where one may be missing, declare it as"
                            + " Optional.");
        }
        if (!shape.javaClass().isInstance(value)) {
            return new WrongValue(
                    path,
                    "HF-TYP-007",
                    "is a " + value.getClass().getTypeName() + " where the type says "
                            + shape.javaClass().getTypeName() + ". Look for an unchecked cast on its way.");
        }
        if (depth > MAX_LEVELS) {
            return null;
        }
        return switch (shape) {
            case Shape.Leaf leaf -> value instanceof String text ? loneSurrogate(text, path) : null;
            case Shape.Enumeration enumeration -> null;
            case Shape.Custom custom -> null;
            case Shape.ListOf(Shape element) -> {
                int i = 0;
                for (Object each : (List<?>) value) {
                    WrongValue found = find(element, each, path + "[" + i++ + "]", depth + 1);
                    if (found != null) {
                        yield found;
                    }
                }
                yield null;
            }
            case Shape.SetOf(Shape element) -> {
                for (Object each : (Set<?>) value) {
                    WrongValue found = find(element, each, path + "[element]", depth + 1);
                    if (found != null) {
                        yield found;
                    }
                }
                yield null;
            }
            case Shape.MapOf(Shape key, Shape element) -> {
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    WrongValue found = find(key, entry.getKey(), path + "[key]", depth + 1);
                    if (found == null) {
                        found = find(element, entry.getValue(), path + "[value]", depth + 1);
                    }
                    if (found != null) {
                        yield found;
                    }
                }
                yield null;
            }
            case Shape.OptionalOf(Class<?> javaClass, Shape element) ->
                value instanceof Optional<?> optional && optional.isPresent()
                        ? find(element, optional.get(), path + "[value]", depth + 1)
                        : null;
            case Shape.Record record -> inRecord(record, value, path, depth);
            case Shape.Sealed sealed -> {
                for (Shape each : sealed.cases()) {
                    if (each.javaClass().isInstance(value)) {
                        yield find(each, value, path + "(" + each.javaClass().getSimpleName() + ")", depth + 1);
                    }
                }
                yield null;
            }
        };
    }

    private static @Nullable WrongValue inRecord(Shape.Record record, Object value, String path, int depth) {
        for (Shape.Component component : record.components()) {
            Object part;
            try {
                part = component.accessor().invoke(value);
            } catch (InvocationTargetException | IllegalAccessException e) {
                return null;
            }
            WrongValue found = find(component.shape(), part, path + "." + component.name(), depth + 1);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable WrongValue loneSurrogate(String text, String path) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return new WrongValue(
                        path,
                        "HF-TYP-008",
                        "is text with half a surrogate pair at char " + i + " of " + text.length()
                                + ", which has no UTF-8 form. Cut text between code points.");
            }
        }
        return null;
    }
}
