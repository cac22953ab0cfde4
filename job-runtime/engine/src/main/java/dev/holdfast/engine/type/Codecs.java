package dev.holdfast.engine.type;

import dev.holdfast.api.type.Serializer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Makes the codec of a shape, and of all its parts once each. A record or sealed type that is met inside itself gets a
 * {@link RecursiveCodec} there. Once a shape is made, asking for it or its parts changes nothing, so any thread may.
 */
final class Codecs {
    private final Function<RecordLayout, Codec<Object>> records;
    private final IdentityHashMap<Shape, Codec<Object>> done = new IdentityHashMap<>();
    private final IdentityHashMap<Shape, RecursiveCodec> open = new IdentityHashMap<>();

    /** @param records makes the codec of a record: {@link GeneratedRecord#of}, or {@link ReflectiveRecord} */
    Codecs(Function<RecordLayout, Codec<Object>> records) {
        this.records = records;
    }

    /** Takes over what is already made of a part. */
    void add(Codecs parts) {
        done.putAll(parts.done);
    }

    Codec<Object> of(Shape shape) {
        Codec<Object> codec = done.get(shape);
        if (codec != null) {
            return codec;
        }
        RecursiveCodec recursive = open.get(shape);
        if (recursive != null) {
            return recursive;
        }
        codec = make(shape);
        done.put(shape, codec);
        return codec;
    }

    private Codec<Object> make(Shape shape) {
        return switch (shape) {
            case Shape.Leaf(LeafCodec<?> leaf) -> Codec.erased(leaf);
            case Shape.Enumeration enumeration -> Codec.erased(new EnumCodec(enumeration.constants()));
            case Shape.ListOf(Shape element) -> Codec.erased(new CollectionCodecs.ListCodec(of(element)));
            case Shape.SetOf(Shape element) -> Codec.erased(new CollectionCodecs.SetCodec(of(element)));
            case Shape.MapOf(Shape key, Shape value) -> Codec.erased(new CollectionCodecs.MapCodec(of(key), of(value)));
            case Shape.OptionalOf(Class<?> javaClass, Shape element) -> optional(javaClass, of(element));
            case Shape.Custom custom -> custom(custom, custom.serializer().version());
            case Shape.Record record -> {
                RecursiveCodec inside = open(record);
                List<Codec<Object>> components = new ArrayList<>();
                for (Shape.Component component : record.components()) {
                    components.add(of(component.shape()));
                }
                yield close(record, inside, records.apply(RecordLayout.of(record, components)));
            }
            case Shape.Sealed sealed -> {
                RecursiveCodec inside = open(sealed);
                List<Class<?>> classes = new ArrayList<>();
                List<Codec<Object>> cases = new ArrayList<>();
                for (Shape each : sealed.cases()) {
                    classes.add(each.javaClass());
                    cases.add(of(each));
                }
                yield close(sealed, inside, new SealedCodec(List.copyOf(classes), List.copyOf(cases)));
            }
        };
    }

    private RecursiveCodec open(Shape shape) {
        RecursiveCodec inside = new RecursiveCodec(shape.javaClass().getSimpleName());
        open.put(shape, inside);
        return inside;
    }

    private Codec<Object> close(Shape shape, RecursiveCodec inside, Codec<Object> codec) {
        open.remove(shape);
        inside.complete(codec);
        return codec;
    }

    /** Reads values of the given version. */
    @SuppressWarnings("unchecked") // the codec checks the class of what goes in and comes out
    static Codec<Object> custom(Shape.Custom custom, int version) {
        return new CustomCodec(custom.javaClass(), custom.name(), (Serializer<Object>) custom.serializer(), version);
    }

    static Codec<Object> optional(Class<?> javaClass, Codec<Object> element) {
        CollectionCodecs.OptionalCodec codec = new CollectionCodecs.OptionalCodec(element);
        return javaClass == Optional.class
                ? Codec.erased(codec)
                : new CollectionCodecs.MappedCodec<>(codec, Codecs::toOptional, optionalOf(javaClass));
    }

    /** To {@code Optional}, {@code OptionalInt} or one of its like. */
    static Function<Optional<Object>, Object> optionalOf(Class<?> javaClass) {
        if (javaClass == OptionalInt.class) {
            return value -> value.isPresent() ? OptionalInt.of((Integer) value.get()) : OptionalInt.empty();
        } else if (javaClass == OptionalLong.class) {
            return value -> value.isPresent() ? OptionalLong.of((Long) value.get()) : OptionalLong.empty();
        } else if (javaClass == OptionalDouble.class) {
            return value -> value.isPresent() ? OptionalDouble.of((Double) value.get()) : OptionalDouble.empty();
        }
        return value -> value;
    }

    private static Optional<Object> toOptional(Object optional) {
        return switch (optional) {
            case OptionalInt value -> value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
            case OptionalLong value -> value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
            case OptionalDouble value -> value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
            default -> throw new ClassCastException(optional.getClass().getTypeName() + " is no optional number");
        };
    }
}
