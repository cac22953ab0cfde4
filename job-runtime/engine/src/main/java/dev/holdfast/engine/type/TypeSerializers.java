package dev.holdfast.engine.type;

import dev.holdfast.api.type.Type;

/** Derives the serializer of a type. */
public final class TypeSerializers {
    /** Made once for each class, and gone with it. */
    private static final ClassValue<Derived<?>> OF_CLASS = new ClassValue<>() {
        @Override
        protected Derived<?> computeValue(Class<?> javaClass) {
            return derive(Type.of(javaClass));
        }
    };

    private TypeSerializers() {}

    /**
     * The serializer of a type. Derived once for each class and kept.
     *
     * @throws dev.holdfast.api.HoldfastException HF-TYP-001 if a component cannot be derived, HF-TYP-004 if a default does
     *     not stand for a value, HF-TYP-006 if a serializer of the user's own cannot be made; the text names the path
     */
    public static <T> TypeSerializer<T> of(Type<T> type) {
        return derived(type);
    }

    /**
     * The serializer of a key: as {@link #of}, for types whose {@code equals} is equality of the encoded bytes.
     *
     * @throws dev.holdfast.api.HoldfastException HF-TYP-003 if the type holds an array, a set or a map
     */
    public static <K> TypeSerializer<K> ofKey(Type<K> type) {
        Derived<K> serializer = derived(type);
        KeyRules.require(serializer.shape(), serializer.path());
        return serializer;
    }

    @SuppressWarnings("unchecked") // the serializer kept for a class is of that class
    private static <T> Derived<T> derived(Type<T> type) {
        return type instanceof Type.Plain<T>(Class<T> javaClass) ? (Derived<T>) OF_CLASS.get(javaClass) : derive(type);
    }

    @SuppressWarnings("unchecked") // the shape is derived from the type
    private static <T> Derived<T> derive(Type<T> type) {
        if (type instanceof Type.Plain<T>(Class<T> javaClass)) {
            if (javaClass == String.class) {
                return (Derived<T>) DirectSerializers.STRING;
            } else if (javaClass == Long.class || javaClass == long.class) {
                return (Derived<T>) DirectSerializers.LONG;
            } else if (javaClass == Integer.class || javaClass == int.class) {
                return (Derived<T>) DirectSerializers.INTEGER;
            }
        }
        Shape shape = Derivation.of(type);
        Codec<T> codec = (Codec<T>) new Codecs(GeneratedRecord::of).of(shape);
        return new DerivedSerializer<>(shape, Derivation.rootPath(type), ShapeSchema.of(shape), codec);
    }
}
