package dev.holdfast.engine.type;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A class with its type arguments, all type variables replaced. */
record Resolved(Class<?> raw, List<Resolved> arguments) {

    Resolved(Class<?> raw) {
        this(raw, List.of());
    }

    /**
     * Replaces the type variables of a declaration.
     *
     * @throws IllegalArgumentException if a variable is not known; the text says which
     */
    static Resolved of(Type type, Map<TypeVariable<?>, Resolved> variables) {
        return switch (type) {
            case Class<?> raw -> new Resolved(raw);
            case ParameterizedType parameterized -> {
                List<Resolved> arguments = new ArrayList<>();
                for (Type argument : parameterized.getActualTypeArguments()) {
                    arguments.add(of(argument, variables));
                }
                yield new Resolved((Class<?>) parameterized.getRawType(), List.copyOf(arguments));
            }
            case WildcardType wildcard -> of(wildcard.getUpperBounds()[0], variables);
            case TypeVariable<?> variable -> {
                Resolved found = variables.get(variable);
                if (found == null) {
                    throw new IllegalArgumentException(variable.getName());
                }
                yield found;
            }
            case GenericArrayType array ->
                new Resolved(
                        of(array.getGenericComponentType(), variables).raw().arrayType());
            default -> throw new IllegalArgumentException(type.getTypeName());
        };
    }

    /** What the type variables of the class stand for; those of a raw type are missing. */
    Map<TypeVariable<?>, Resolved> variables() {
        TypeVariable<?>[] parameters = raw.getTypeParameters();
        Map<TypeVariable<?>, Resolved> variables = new HashMap<>();
        for (int i = 0; i < Math.min(parameters.length, arguments.size()); i++) {
            variables.put(parameters[i], arguments.get(i));
        }
        return variables;
    }

    /** A class that directly implements this interface, its type arguments taken from this one's where they are passed on. */
    Resolved implementation(Class<?> subclass) {
        TypeVariable<?>[] parameters = subclass.getTypeParameters();
        if (parameters.length == 0) {
            return new Resolved(subclass);
        }
        Map<TypeVariable<?>, Resolved> known = new HashMap<>();
        for (Type implemented : subclass.getGenericInterfaces()) {
            if (implemented instanceof ParameterizedType parameterized && parameterized.getRawType() == raw) {
                Type[] passed = parameterized.getActualTypeArguments();
                for (int i = 0; i < Math.min(passed.length, arguments.size()); i++) {
                    if (passed[i] instanceof TypeVariable<?> variable) {
                        known.put(variable, arguments.get(i));
                    }
                }
            }
        }
        List<Resolved> found = new ArrayList<>();
        for (TypeVariable<?> parameter : parameters) {
            @Nullable Resolved argument = known.get(parameter);
            if (argument == null) {
                return new Resolved(subclass);
            }
            found.add(argument);
        }
        return new Resolved(subclass, List.copyOf(found));
    }

    @Override
    public String toString() {
        return raw.getTypeName()
                + (arguments.isEmpty()
                        ? ""
                        : arguments.stream().map(Resolved::toString).collect(Collectors.joining(", ", "<", ">")));
    }
}
