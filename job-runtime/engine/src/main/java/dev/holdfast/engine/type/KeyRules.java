package dev.holdfast.engine.type;

import dev.holdfast.api.HoldfastException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Refuses keys that are equal to Java but not in their bytes, or the other way round. */
final class KeyRules {
    private final Set<Shape> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private KeyRules() {}

    static void require(Shape shape, String path) {
        new KeyRules().check(shape, path);
    }

    private void check(Shape shape, String path) {
        switch (shape) {
            case Shape.Leaf(LeafCodec<?> codec) -> {
                if (codec.schema() == Schema.Primitive.BYTES) {
                    throw refused(path, "byte[]", "equal arrays are not equal to Java. Use a string, or a List<Byte>");
                }
            }
            case Shape.SetOf set ->
                throw refused(
                        path,
                        "a set",
                        "equal sets may have different bytes, for they have no order. Use a sorted List");
            case Shape.MapOf map ->
                throw refused(
                        path,
                        "a map",
                        "equal maps may have different bytes, for they have no order. Use a sorted List of records");
            case Shape.ListOf(Shape element) -> check(element, path + "[element]");
            case Shape.OptionalOf(Class<?> javaClass, Shape element) -> check(element, path + "[value]");
            case Shape.Record record -> {
                if (seen.add(record)) {
                    for (Shape.Component component : record.components()) {
                        check(component.shape(), path + "." + component.name());
                    }
                }
            }
            case Shape.Sealed sealed -> {
                if (seen.add(sealed)) {
                    for (Shape each : sealed.cases()) {
                        check(each, path + "(" + each.javaClass().getSimpleName() + ")");
                    }
                }
            }
            case Shape.Enumeration enumeration -> {}
            case Shape.Custom custom -> {}
        }
    }

    private static HoldfastException refused(String path, String what, String reason) {
        return new HoldfastException(
                "HF-TYP-003",
                path + ": " + what + " cannot be part of a key: " + reason + ", or leave it out of the key.");
    }
}
