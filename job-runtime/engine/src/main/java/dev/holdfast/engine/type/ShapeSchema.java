package dev.holdfast.engine.type;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** The schema of a shape: definitions in full where they first occur, references after that. */
final class ShapeSchema {
    private final IdentityHashMap<Shape, Integer> definitions = new IdentityHashMap<>();

    private ShapeSchema() {}

    static Schema of(Shape shape) {
        return new ShapeSchema().schema(shape);
    }

    private Schema schema(Shape shape) {
        Integer definition = definitions.get(shape);
        if (definition != null) {
            return new Schema.Reference(definition);
        }
        return switch (shape) {
            case Shape.Leaf(LeafCodec<?> codec) -> codec.schema();
            case Shape.Enumeration enumeration ->
                new Schema.Enumeration(enumeration.javaClass().getSimpleName(), enumeration.names());
            case Shape.ListOf(Shape element) -> new Schema.ListOf(schema(element));
            case Shape.SetOf(Shape element) -> new Schema.SetOf(schema(element));
            case Shape.MapOf(Shape key, Shape value) -> {
                Schema keySchema = schema(key);
                yield new Schema.MapOf(keySchema, schema(value));
            }
            case Shape.OptionalOf(Class<?> javaClass, Shape element) -> new Schema.OptionalOf(schema(element));
            case Shape.Custom custom ->
                new Schema.Custom(custom.name(), custom.serializer().version());
            case Shape.Record record -> {
                definitions.put(record, definitions.size());
                List<Schema.Field> fields = new ArrayList<>();
                for (Shape.Component component : record.components()) {
                    fields.add(new Schema.Field(
                            component.name(), schema(component.shape()), component.defaultValue() != null));
                }
                yield new Schema.Record(record.javaClass().getSimpleName(), fields);
            }
            case Shape.Sealed sealed -> {
                definitions.put(sealed, definitions.size());
                List<Schema.Case> cases = new ArrayList<>();
                for (Shape each : sealed.cases()) {
                    cases.add(new Schema.Case(each.javaClass().getSimpleName(), schema(each)));
                }
                yield new Schema.Sealed(sealed.javaClass().getSimpleName(), cases);
            }
        };
    }
}
