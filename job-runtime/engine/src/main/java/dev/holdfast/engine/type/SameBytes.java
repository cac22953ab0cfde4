package dev.holdfast.engine.type;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a written schema and a shape mean the same by the same bytes. Names of records and the presence of defaults do
 * not matter; names of fields, cases and constants do.
 */
final class SameBytes {
    private final Definitions written;
    private final Set<Pair> assumed = new HashSet<>();

    private record Pair(Definitions.Identity schema, Shape shape) {}

    private SameBytes(Definitions written) {
        this.written = written;
    }

    static boolean of(Definitions written, Schema schema, Shape shape) {
        return new SameBytes(written).same(schema, shape);
    }

    private boolean same(Schema reference, Shape shape) {
        Schema schema = written.resolve(reference);
        // A pair that is met again inside itself is the same if all else is: the greatest fixed point.
        if ((shape instanceof Shape.Record || shape instanceof Shape.Sealed)
                && !assumed.add(new Pair(new Definitions.Identity(schema), shape))) {
            return true;
        }
        return switch (shape) {
            case Shape.Leaf(LeafCodec<?> codec) -> schema == codec.schema();
            case Shape.Enumeration enumeration ->
                schema instanceof Schema.Enumeration(String name, List<String> constants)
                        && constants.equals(enumeration.names());
            case Shape.ListOf(Shape element) -> schema instanceof Schema.ListOf(Schema part) && same(part, element);
            case Shape.SetOf(Shape element) -> schema instanceof Schema.SetOf(Schema part) && same(part, element);
            case Shape.OptionalOf(Class<?> javaClass, Shape element) ->
                schema instanceof Schema.OptionalOf(Schema part) && same(part, element);
            case Shape.MapOf(Shape key, Shape value) ->
                schema instanceof Schema.MapOf(Schema keyPart, Schema valuePart)
                        && same(keyPart, key)
                        && same(valuePart, value);
            case Shape.Custom custom ->
                schema.equals(
                        new Schema.Custom(custom.name(), custom.serializer().version()));
            case Shape.Record record ->
                schema instanceof Schema.Record(String name, List<Schema.Field> fields) && sameFields(fields, record);
            case Shape.Sealed sealed ->
                schema instanceof Schema.Sealed(String name, List<Schema.Case> cases) && sameCases(cases, sealed);
        };
    }

    private boolean sameFields(List<Schema.Field> fields, Shape.Record record) {
        boolean same = fields.size() == record.components().size();
        for (int i = 0; same && i < fields.size(); i++) {
            Shape.Component component = record.components().get(i);
            same = fields.get(i).name().equals(component.name())
                    && same(fields.get(i).schema(), component.shape());
        }
        return same;
    }

    private boolean sameCases(List<Schema.Case> cases, Shape.Sealed sealed) {
        boolean same = cases.size() == sealed.cases().size();
        for (int i = 0; same && i < cases.size(); i++) {
            Shape each = sealed.cases().get(i);
            same = cases.get(i).name().equals(each.javaClass().getSimpleName())
                    && same(cases.get(i).schema(), each);
        }
        return same;
    }
}
