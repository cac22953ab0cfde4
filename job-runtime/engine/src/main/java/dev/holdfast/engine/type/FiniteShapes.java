package dev.holdfast.engine.type;

import dev.holdfast.api.HoldfastException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Refuses a record that always holds another of its own kind. No value of it can exist, and reading it would never end.
 * The finite types are the least fixed point: a record is finite if all components are, a sealed type if one case is.
 */
final class FiniteShapes {
    private final Set<Shape> finite = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Shape> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Shape> order = new ArrayList<>();

    private FiniteShapes() {}

    static void require(Shape root, String path) {
        FiniteShapes shapes = new FiniteShapes();
        shapes.collect(root);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Shape shape : shapes.order) {
                if (!shapes.finite.contains(shape) && shapes.isFinite(shape)) {
                    changed |= shapes.finite.add(shape);
                }
            }
        }
        for (Shape shape : shapes.order) {
            if (!shapes.finite.contains(shape)) {
                String name = shape.javaClass().getSimpleName();
                throw new HoldfastException(
                        "HF-TYP-001",
                        path + ": every value of " + shape.javaClass().getTypeName() + " holds another " + name
                                + ", so none can exist. Make a component on the way Optional or a List.");
            }
        }
    }

    private void collect(Shape shape) {
        if (!seen.add(shape)) {
            return;
        }
        order.add(shape);
        parts(shape).forEach(this::collect);
    }

    private boolean isFinite(Shape shape) {
        return switch (shape) {
            case Shape.Record record -> finite.containsAll(parts(record));
            case Shape.Sealed sealed -> sealed.cases().stream().anyMatch(finite::contains);
            case Shape.Leaf leaf -> true;
            case Shape.Enumeration enumeration -> true;
            case Shape.Custom custom -> true;
            case Shape.ListOf list -> true;
            case Shape.SetOf set -> true;
            case Shape.MapOf map -> true;
            case Shape.OptionalOf optional -> true;
        };
    }

    private static List<Shape> parts(Shape shape) {
        return switch (shape) {
            case Shape.Record record ->
                record.components().stream().map(Shape.Component::shape).toList();
            case Shape.Sealed sealed -> sealed.cases();
            case Shape.ListOf(Shape element) -> List.of(element);
            case Shape.SetOf(Shape element) -> List.of(element);
            case Shape.OptionalOf(Class<?> javaClass, Shape element) -> List.of(element);
            case Shape.MapOf(Shape key, Shape value) -> List.of(key, value);
            case Shape.Leaf leaf -> List.of();
            case Shape.Enumeration enumeration -> List.of();
            case Shape.Custom custom -> List.of();
        };
    }
}
