package dev.holdfast.api;

import dev.holdfast.api.type.Type;

/**
 * A further output of a {@code process} operator.
 *
 * @param name unique among the side outputs of its operator
 * @param type type of its values
 */
public record SideOutput<T>(String name, Type<T> type) {

    public static <T> SideOutput<T> of(String name, Class<T> type) {
        return new SideOutput<>(name, Type.of(type));
    }
}
