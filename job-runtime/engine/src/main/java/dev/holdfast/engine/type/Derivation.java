package dev.holdfast.engine.type;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.Default;
import dev.holdfast.api.type.SerializedBy;
import dev.holdfast.api.type.Serializer;
import dev.holdfast.api.type.Type;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Derives the shape of a type by looking at its classes.
 *
 * <ol>
 *   <li>An explicit serializer goes first: on the component, then on the class.
 *   <li>Then leaves, collections, enums, records and sealed interfaces. A record or sealed interface is known under its
 *       name before its parts are derived, so that it may hold itself.
 *   <li>Anything else is refused with the path that led to it. Nothing is guessed.
 * </ol>
 */
final class Derivation {
    private final Map<Resolved, Shape> known = new HashMap<>();
    private final Map<Class<?>, Serializer<?>> serializers = new HashMap<>();

    private final Function<Class<?>, Shape> plain;

    /** @param plain the shape of a class that a type names */
    Derivation(Function<Class<?>, Shape> plain) {
        this.plain = plain;
    }

    /** The shape of a class, everything in it derived anew. */
    static Shape ofClass(Class<?> javaClass) {
        Derivation derivation = new Derivation(part -> {
            throw new IllegalStateException("a class does not hold a Type");
        });
        String path = javaClass.getSimpleName();
        Shape shape = derivation.derive(new Resolved(javaClass), path, 0);
        FiniteShapes.require(shape, path);
        return shape;
    }

    Shape derive(Type<?> type) {
        return derive(type, rootPath(type), 0);
    }

    /** Where the path of a component starts: {@code Order} or {@code list}. */
    static String rootPath(Type<?> type) {
        return switch (type) {
            case Type.Plain<?>(Class<?> javaClass) -> javaClass.getSimpleName();
            case Type.Custom<?> custom -> custom.javaClass().getSimpleName();
            case Type.ListOf<?> list -> "list";
            case Type.SetOf<?> set -> "set";
            case Type.MapOf<?, ?> map -> "map";
            case Type.OptionalOf<?> optional -> "optional";
        };
    }

    private Shape derive(Type<?> type, String path, int depth) {
        checkDepth(path, depth);
        return switch (type) {
            case Type.Plain<?>(Class<?> javaClass) -> plain.apply(javaClass);
            case Type.Custom<?>(Class<?> javaClass, String name, Serializer<?> serializer) ->
                new Shape.Custom(javaClass, name, serializer);
            case Type.ListOf<?>(Type<?> element) -> new Shape.ListOf(derive(element, path + "[element]", depth + 1));
            case Type.SetOf<?>(Type<?> element) -> setOf(derive(element, path + "[element]", depth + 1), path);
            case Type.MapOf<?, ?>(Type<?> key, Type<?> value) ->
                mapOf(derive(key, path + "[key]", depth + 1), derive(value, path + "[value]", depth + 1), path);
            case Type.OptionalOf<?>(Type<?> element) ->
                new Shape.OptionalOf(Optional.class, derive(element, path + "[value]", depth + 1));
        };
    }

    private Shape derive(Resolved type, String path, int depth) {
        checkDepth(path, depth);
        Class<?> raw = type.raw();
        SerializedBy explicit = raw.getAnnotation(SerializedBy.class);
        if (explicit != null) {
            return custom(raw, explicit, path);
        }
        LeafCodec<?> leaf = Leaves.find(raw);
        if (leaf != null) {
            return new Shape.Leaf(leaf);
        }
        if (raw == List.class) {
            return new Shape.ListOf(argument(type, 0, path, "[element]", depth));
        } else if (raw == Set.class) {
            return setOf(argument(type, 0, path, "[element]", depth), path);
        } else if (raw == Map.class) {
            return mapOf(argument(type, 0, path, "[key]", depth), argument(type, 1, path, "[value]", depth), path);
        } else if (raw == Optional.class) {
            return new Shape.OptionalOf(raw, argument(type, 0, path, "[value]", depth));
        } else if (raw == OptionalInt.class) {
            return new Shape.OptionalOf(raw, new Shape.Leaf(Leaves.I32));
        } else if (raw == OptionalLong.class) {
            return new Shape.OptionalOf(raw, new Shape.Leaf(Leaves.I64));
        } else if (raw == OptionalDouble.class) {
            return new Shape.OptionalOf(raw, new Shape.Leaf(Leaves.F64));
        }
        Shape shape = known.get(type);
        if (shape != null) {
            return shape;
        }
        if (raw.isEnum()) {
            return enumeration(raw);
        } else if (raw.isRecord()) {
            return record(type, path, depth);
        } else if (raw.isInterface() && raw.isSealed()) {
            return sealed(type, path, depth);
        }
        throw refused(path, type.toString(), whyNot(raw));
    }

    private Shape argument(Resolved type, int index, String path, String step, int depth) {
        if (type.arguments().isEmpty()) {
            throw refused(
                    path,
                    type.toString(),
                    "does not say what it holds. Declare it as " + type.raw().getSimpleName()
                            + "<...> with type arguments; where a program names a type, use Type.list, Type.set, Type.map"
                            + " or Type.optional.");
        }
        return derive(type.arguments().get(index), path + step, depth + 1);
    }

    private static Shape setOf(Shape element, String path) {
        requireEquality(element, path + "[element]");
        return new Shape.SetOf(element);
    }

    private static Shape mapOf(Shape key, Shape value, String path) {
        requireEquality(key, path + "[key]");
        return new Shape.MapOf(key, value);
    }

    private static void requireEquality(Shape shape, String path) {
        if (shape.javaClass().isArray()) {
            throw refused(
                    path,
                    "byte[]",
                    "cannot be in a set or a key of a map: equal arrays are not equal to Java. Use a record, a string"
                            + " or a list.");
        }
    }

    private static Shape enumeration(Class<?> raw) {
        List<Enum<?>> constants = new ArrayList<>();
        for (Object constant : raw.getEnumConstants()) {
            constants.add((Enum<?>) constant);
        }
        return new Shape.Enumeration(raw, List.copyOf(constants));
    }

    private Shape record(Resolved type, String path, int depth) {
        RecordComponent[] declared = type.raw().getRecordComponents();
        Class<?>[] classes = new Class<?>[declared.length];
        for (int i = 0; i < declared.length; i++) {
            classes[i] = declared[i].getType();
        }
        Shape.Record record = new Shape.Record(type.raw(), canonicalConstructor(type.raw(), classes, path));
        known.put(type, record);
        Map<TypeVariable<?>, Resolved> variables = type.variables();
        List<Shape.Component> components = new ArrayList<>();
        for (RecordComponent component : declared) {
            components.add(component(component, variables, path + "." + component.getName(), depth));
        }
        record.complete(components);
        return record;
    }

    private Shape.Component component(
            RecordComponent component, Map<TypeVariable<?>, Resolved> variables, String path, int depth) {
        Shape shape;
        SerializedBy explicit = component.getAnnotation(SerializedBy.class);
        if (explicit != null) {
            shape = custom(component.getType(), explicit, path);
        } else {
            Resolved type;
            try {
                type = Resolved.of(component.getGenericType(), variables);
            } catch (IllegalArgumentException e) {
                throw refused(
                        path,
                        component.getGenericType().getTypeName(),
                        "has an unknown type argument " + e.getMessage() + ". Name a class without type parameters, or"
                                + " one whose arguments are spelled out where it is a component.");
            }
            shape = derive(type, path, depth + 1);
        }
        Method accessor = component.getAccessor();
        open(accessor, component.getDeclaringRecord(), path);
        Default text = component.getAnnotation(Default.class);
        Object defaultValue = DefaultValues.of(shape, text == null ? null : text.value(), path);
        return new Shape.Component(component.getName(), shape, component.getType(), accessor, defaultValue);
    }

    private static Constructor<?> canonicalConstructor(Class<?> raw, Class<?>[] classes, String path) {
        try {
            Constructor<?> constructor = raw.getDeclaredConstructor(classes);
            open(constructor, raw, path);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new AssertionError("a record without its canonical constructor: " + raw, e);
        }
    }

    private static void open(AccessibleObject member, Class<?> owner, String path) {
        try {
            member.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            throw new HoldfastException(
                    "HF-TYP-001",
                    path + ": " + owner.getTypeName() + " lies in a module that does not open its package. Put the"
                            + " program on the class path, or open the package.",
                    e);
        }
    }

    private Shape sealed(Resolved type, String path, int depth) {
        Shape.Sealed sealed = new Shape.Sealed(type.raw());
        known.put(type, sealed);
        Map<Class<?>, Resolved> found = new LinkedHashMap<>();
        collectCases(type, path, found);
        Map<String, Shape> cases = new LinkedHashMap<>();
        for (Resolved each : found.values()) {
            String name = each.raw().getSimpleName();
            Shape shape = derive(each, path + "(" + name + ")", depth + 1);
            Shape other = cases.put(name, shape);
            if (other != null) {
                throw refused(
                        path,
                        type.toString(),
                        "has two cases named " + name + ": " + other.javaClass().getTypeName() + " and "
                                + each.raw().getTypeName()
                                + ". The simple name is the identity of a case; give them different ones.");
            }
        }
        sealed.complete(List.copyOf(cases.values()));
        return sealed;
    }

    private void collectCases(Resolved type, String path, Map<Class<?>, Resolved> cases) {
        for (Class<?> permitted : type.raw().getPermittedSubclasses()) {
            Resolved each = type.implementation(permitted);
            boolean explicit = permitted.isAnnotationPresent(SerializedBy.class);
            if (permitted.isInterface() && permitted.isSealed() && !explicit) {
                collectCases(each, path, cases);
            } else if (permitted.isRecord() || permitted.isEnum() || (explicit && !permitted.isInterface())) {
                cases.putIfAbsent(permitted, each);
            } else {
                throw refused(
                        path + "(" + permitted.getSimpleName() + ")",
                        permitted.getTypeName(),
                        "is a case of a sealed interface but neither a record, an enum nor a sealed interface. Make it"
                                + " one of these.");
            }
        }
    }

    private Shape custom(Class<?> javaClass, SerializedBy explicit, String path) {
        Class<?> boxed = MethodType.methodType(javaClass).wrap().returnType();
        Serializer<?> serializer = serializers.get(explicit.value());
        if (serializer == null) {
            serializer = instance(explicit.value(), path);
            serializers.put(explicit.value(), serializer);
        }
        Class<?> serialized = serialized(explicit.value());
        if (serialized != null && !serialized.isAssignableFrom(boxed)) {
            throw new HoldfastException(
                    "HF-TYP-006",
                    path + ": " + explicit.value().getTypeName() + " serializes " + serialized.getTypeName() + ", not "
                            + boxed.getTypeName() + ". Name the serializer of the component's class.");
        }
        return new Shape.Custom(boxed, explicit.name(), serializer);
    }

    /** The class whose values a serializer takes; null if it does not say so itself. */
    private static @Nullable Class<?> serialized(Class<?> serializerClass) {
        for (java.lang.reflect.Type implemented : serializerClass.getGenericInterfaces()) {
            if (implemented instanceof ParameterizedType parameterized
                    && parameterized.getRawType() == Serializer.class) {
                return switch (parameterized.getActualTypeArguments()[0]) {
                    case Class<?> plain -> plain;
                    case ParameterizedType argument -> (Class<?>) argument.getRawType();
                    default -> null;
                };
            }
        }
        return null;
    }

    private static Serializer<?> instance(Class<? extends Serializer<?>> serializerClass, String path) {
        try {
            Constructor<? extends Serializer<?>> constructor = serializerClass.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new HoldfastException(
                    "HF-TYP-006",
                    path + ": no serializer can be made from " + serializerClass.getTypeName()
                            + ". It needs to be a static or top-level class with a public no-argument constructor that"
                            + " does not fail.",
                    e);
        }
    }

    private static String whyNot(Class<?> raw) {
        String choice =
                " Or choose a serializer of your own: @SerializedBy on the component or the class, or Type.custom"
                        + " where the program names the type.";
        if (raw == Object.class) {
            return "says nothing about its values. Declare the class that they have." + choice;
        } else if (raw.isArray()) {
            return "is an array; of arrays only byte[] is derived. Use a List." + choice;
        } else if (Collection.class.isAssignableFrom(raw) || Map.class.isAssignableFrom(raw)) {
            return "is a collection other than List, Set and Map. Declare it as one of these three." + choice;
        } else if (raw.isInterface()) {
            return "is an interface that is not sealed, so its implementations are not known. Seal it." + choice;
        } else {
            return "is neither a record, a sealed interface, an enum nor of a built-in type. Make it a record."
                    + choice;
        }
    }

    private static void checkDepth(String path, int depth) {
        if (depth > SchemaCodec.MAX_DEPTH) {
            throw refused(
                    path.substring(0, 60) + "...",
                    "the type",
                    "nests more than " + SchemaCodec.MAX_DEPTH + " levels deep. A recursive type must refer to itself"
                            + " with the same type arguments.");
        }
    }

    private static HoldfastException refused(String path, @Nullable String type, String reason) {
        return new HoldfastException("HF-TYP-001", path + ": " + type + " " + reason);
    }
}
