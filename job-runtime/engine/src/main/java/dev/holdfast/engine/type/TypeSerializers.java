package dev.holdfast.engine.type;

import dev.holdfast.api.type.Type;

/** Derives the serializer of a type. */
public final class TypeSerializers {
    /** Derived once for each class, and gone with it: making the class of a codec takes milliseconds. */
    private static final ClassValue<Derived<?>> OF_CLASS = new ClassValue<>() {
        @Override
        protected Derived<?> computeValue(Class<?> javaClass) {
            return derive(javaClass);
        }
    };

    private TypeSerializers() {}

    /**
     * The serializer of a type.
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
        if (type instanceof Type.Plain<T>(Class<T> javaClass)) {
            return (Derived<T>) OF_CLASS.get(javaClass);
        }
        Codecs codecs = new Codecs(GeneratedRecord::of);
        Shape shape = new Derivation(part -> {
                    Derived<?> derived = OF_CLASS.get(part);
                    codecs.add(derived.codecs());
                    return derived.shape();
                })
                .derive(type);
        return serializer(shape, Derivation.rootPath(type), codecs);
    }

    private static Derived<?> derive(Class<?> javaClass) {
        if (javaClass == String.class) {
            return DirectSerializers.STRING;
        } else if (javaClass == Long.class || javaClass == long.class) {
            return DirectSerializers.LONG;
        } else if (javaClass == Integer.class || javaClass == int.class) {
            return DirectSerializers.INTEGER;
        }
        return serializer(Derivation.ofClass(javaClass), javaClass.getSimpleName(), new Codecs(GeneratedRecord::of));
    }

    @SuppressWarnings("unchecked") // the shape is derived from the type
    private static <T> Derived<T> serializer(Shape shape, String path, Codecs codecs) {
        return new DerivedSerializer<>(shape, path, ShapeSchema.of(shape), codecs, (Codec<T>) codecs.of(shape));
    }
}
