package dev.holdfast.engine.type;

import dev.holdfast.api.type.Serializer;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A derived type with its classes: what {@link Derivation} finds, and what schema, codec, key rules and evolution are made
 * from. Records and sealed types are compared by identity, and may hold themselves.
 */
sealed interface Shape {

    /** The class of the values; boxes stand for primitives. */
    Class<?> javaClass();

    record Leaf(LeafCodec<?> codec) implements Shape {
        @Override
        public Class<?> javaClass() {
            return codec.javaClass();
        }
    }

    record Enumeration(Class<?> javaClass, List<Enum<?>> constants) implements Shape {
        List<String> names() {
            return constants.stream().<String>map(Enum::name).toList();
        }
    }

    record ListOf(Shape element) implements Shape {
        @Override
        public Class<?> javaClass() {
            return List.class;
        }
    }

    record SetOf(Shape element) implements Shape {
        @Override
        public Class<?> javaClass() {
            return Set.class;
        }
    }

    record MapOf(Shape key, Shape value) implements Shape {
        @Override
        public Class<?> javaClass() {
            return Map.class;
        }
    }

    /** {@code Optional}, or {@code OptionalInt} and its like, which have the bytes of an optional number. */
    record OptionalOf(Class<?> javaClass, Shape element) implements Shape {}

    record Custom(Class<?> javaClass, String name, Serializer<?> serializer) implements Shape {}

    final class Record implements Shape {
        private final Class<?> javaClass;
        private final Constructor<?> constructor;
        private List<Component> components = List.of();

        Record(Class<?> javaClass, Constructor<?> constructor) {
            this.javaClass = javaClass;
            this.constructor = constructor;
        }

        /** Once, when the components are derived, which may refer to this record. */
        void complete(List<Component> derived) {
            components = List.copyOf(derived);
        }

        @Override
        public Class<?> javaClass() {
            return javaClass;
        }

        Constructor<?> constructor() {
            return constructor;
        }

        List<Component> components() {
            return components;
        }
    }

    /**
     * A component of a record.
     *
     * @param declared class in the declaration, such as {@code int}
     * @param defaultValue what values written before the component existed have; null if there is no default
     */
    record Component(
            String name,
            Shape shape,
            Class<?> declared,
            Method accessor,
            @Nullable Object defaultValue) {}

    final class Sealed implements Shape {
        private final Class<?> javaClass;
        private List<Shape> cases = List.of();

        Sealed(Class<?> javaClass) {
            this.javaClass = javaClass;
        }

        /** Once, when the cases are derived, which may refer to this type. */
        void complete(List<Shape> derived) {
            cases = List.copyOf(derived);
        }

        @Override
        public Class<?> javaClass() {
            return javaClass;
        }

        /** Records, enums and classes with a serializer of their own; the simple names of their classes differ. */
        List<Shape> cases() {
            return cases;
        }
    }
}
