package dev.holdfast.api.type;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The type of values. Nothing is guessed from erased generics: a list says what it holds.
 *
 * @param <T> Java type of the values
 */
public sealed interface Type<T> {

    /** A class without type parameters: a record, sealed interface, enum, boxed primitive, string, time type, {@code byte[]}. */
    static <T> Type<T> of(Class<T> javaClass) {
        return new Plain<>(javaClass);
    }

    static <E> Type<List<E>> list(Type<E> element) {
        return new ListOf<>(element);
    }

    static <E> Type<List<E>> list(Class<E> element) {
        return new ListOf<>(of(element));
    }

    static <E> Type<Set<E>> set(Type<E> element) {
        return new SetOf<>(element);
    }

    static <E> Type<Set<E>> set(Class<E> element) {
        return new SetOf<>(of(element));
    }

    static <K, V> Type<Map<K, V>> map(Type<K> key, Type<V> value) {
        return new MapOf<>(key, value);
    }

    static <K, V> Type<Map<K, V>> map(Class<K> key, Class<V> value) {
        return new MapOf<>(of(key), of(value));
    }

    static <E> Type<Optional<E>> optional(Type<E> element) {
        return new OptionalOf<>(element);
    }

    static <E> Type<Optional<E>> optional(Class<E> element) {
        return new OptionalOf<>(of(element));
    }

    /**
     * A class with a serializer of one's own.
     *
     * @param name identity of the format, kept in the schema; a change of name is incompatible
     */
    static <T> Type<T> custom(Class<T> javaClass, String name, Serializer<T> serializer) {
        return new Custom<>(javaClass, name, serializer);
    }

    /** See {@link #of}. */
    record Plain<T>(Class<T> javaClass) implements Type<T> {}

    /** See {@link #list(Type)}. */
    record ListOf<E>(Type<E> element) implements Type<List<E>> {}

    /** See {@link #set(Type)}. */
    record SetOf<E>(Type<E> element) implements Type<Set<E>> {}

    /** See {@link #map(Type, Type)}. */
    record MapOf<K, V>(Type<K> key, Type<V> value) implements Type<Map<K, V>> {}

    /** See {@link #optional(Type)}. */
    record OptionalOf<E>(Type<E> element) implements Type<Optional<E>> {}

    /** See {@link #custom}. */
    record Custom<T>(Class<T> javaClass, String name, Serializer<T> serializer) implements Type<T> {}
}
