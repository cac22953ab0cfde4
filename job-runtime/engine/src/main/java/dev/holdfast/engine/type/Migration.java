package dev.holdfast.engine.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the codec that reads values of a written schema as values of a shape.
 *
 * <ol>
 *   <li>Parts whose bytes are the same are read by today's codec.
 *   <li>Records are matched by the names of their fields, sealed types by the names of their cases, enums by the names of
 *       their constants. A field that is gone is read over, one that is new takes its default.
 *   <li>Numbers are widened; a value becomes an optional that is present.
 *   <li>Everything else is a problem. All problems are collected before the answer is given.
 * </ol>
 *
 * Inside a set or the key of a map no field may go: elements that differ in it only would become one.
 */
final class Migration {
    private final Definitions definitions;
    private final Codecs codecs;
    private final Map<Pair, Codec<Object>> done = new HashMap<>();
    private final Map<Pair, RecursiveCodec> open = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private record Pair(Definitions.Identity schema, Shape shape, boolean distinct) {}

    private Migration(Definitions definitions, Codecs codecs) {
        this.definitions = definitions;
        this.codecs = codecs;
    }

    /** A codec, or what stands against it; one of them. */
    record Answer(@Nullable Codec<Object> codec, List<String> problems) {}

    static Answer find(Schema written, Derived<?> current) {
        Migration migration = new Migration(new Definitions(written), current.codecs());
        Codec<Object> codec = migration.match(written, current.shape(), current.path(), false);
        return migration.problems.isEmpty()
                ? new Answer(codec, List.of())
                : new Answer(null, List.copyOf(migration.problems));
    }

    private Codec<Object> match(Schema reference, Shape shape, String path, boolean distinct) {
        Schema schema = definitions.resolve(reference);
        Pair pair = new Pair(new Definitions.Identity(schema), shape, distinct);
        Codec<Object> codec = done.get(pair);
        if (codec != null) {
            return codec;
        }
        RecursiveCodec recursive = open.get(pair);
        if (recursive != null) {
            return recursive;
        }
        if (SameBytes.of(definitions, schema, shape)) {
            codec = codecs.of(shape);
        } else {
            RecursiveCodec inside = new RecursiveCodec(shape.javaClass().getSimpleName());
            open.put(pair, inside);
            codec = make(schema, shape, path, distinct);
            inside.complete(codec);
            open.remove(pair);
        }
        done.put(pair, codec);
        return codec;
    }

    private Codec<Object> make(Schema schema, Shape shape, String path, boolean distinct) {
        if (shape instanceof Shape.OptionalOf(Class<?> javaClass, Shape element)) {
            return schema instanceof Schema.OptionalOf(Schema part)
                    ? Codecs.optional(javaClass, match(part, element, path + "[value]", distinct))
                    : present(javaClass, schema, element, path, distinct);
        }
        if (schema instanceof Schema.Primitive from && shape instanceof Shape.Leaf(LeafCodec<?> to)) {
            Function<Number, Number> widening = Widening.between(from, to.schema());
            return widening == null
                    ? changed(schema, shape, path)
                    : mapped(Codec.erased(Leaves.of(from)), number -> widening.apply((Number) number));
        } else if (schema instanceof Schema.ListOf(Schema part) && shape instanceof Shape.ListOf(Shape element)) {
            return Codec.erased(new CollectionCodecs.ListCodec(match(part, element, path + "[element]", distinct)));
        } else if (schema instanceof Schema.SetOf(Schema part) && shape instanceof Shape.SetOf(Shape element)) {
            return Codec.erased(new CollectionCodecs.SetCodec(match(part, element, path + "[element]", true)));
        } else if (schema instanceof Schema.MapOf(Schema keyPart, Schema valuePart)
                && shape instanceof Shape.MapOf(Shape key, Shape value)) {
            return Codec.erased(new CollectionCodecs.MapCodec(
                    match(keyPart, key, path + "[key]", true), match(valuePart, value, path + "[value]", distinct)));
        } else if (schema instanceof Schema.Record from && shape instanceof Shape.Record to) {
            return record(from, to, path, distinct);
        } else if (schema instanceof Schema.Sealed from && shape instanceof Shape.Sealed to) {
            return sealed(from, to, path, distinct);
        } else if (schema instanceof Schema.Enumeration from && shape instanceof Shape.Enumeration to) {
            return enumeration(from, to, path);
        } else if (schema instanceof Schema.Custom from && shape instanceof Shape.Custom to) {
            return custom(from, to, path);
        }
        return changed(schema, shape, path);
    }

    private Codec<Object> present(Class<?> javaClass, Schema schema, Shape element, String path, boolean distinct) {
        Codec<Object> codec = match(schema, element, path, distinct);
        Function<Optional<Object>, Object> after = Codecs.optionalOf(javaClass);
        return mapped(codec, value -> after.apply(Optional.of(value)));
    }

    private Codec<Object> record(Schema.Record from, Shape.Record to, String path, boolean distinct) {
        int before = problems.size();
        Map<String, Integer> indexes = new HashMap<>();
        List<Shape.Component> components = to.components();
        for (int i = 0; i < components.size(); i++) {
            indexes.put(components.get(i).name(), i);
        }
        List<String> gone = new ArrayList<>();
        List<RecordLayout.Field> fields = new ArrayList<>();
        for (Schema.Field field : from.fields()) {
            Integer index = indexes.remove(field.name());
            if (index == null) {
                gone.add(field.name());
                fields.add(new RecordLayout.Field(RecordLayout.SKIPPED, new SkipCodec(field.schema(), definitions)));
            } else {
                Shape shape = components.get(index).shape();
                String fieldPath = path + "." + field.name();
                fields.add(new RecordLayout.Field(index, match(field.schema(), shape, fieldPath, distinct)));
            }
        }
        for (Shape.Component added : components) {
            if (indexes.containsKey(added.name()) && added.defaultValue() == null) {
                problems.add(path + "." + added.name() + " is new, of type "
                        + SchemaText.brief(ShapeSchema.of(added.shape()))
                        + ", and has no default, so values written before it existed cannot be read. Give it a"
                        + " @Default or make it Optional"
                        + (gone.isEmpty()
                                ? "."
                                : "; if it is a new name for " + String.join(" or ", gone) + ", keep the old name."));
            }
        }
        if (distinct && !gone.isEmpty()) {
            problems.add(
                    path + "." + gone.getFirst() + " is gone, but " + path
                            + " lies in a set or in the key of a map: entries that differ in it only would become one. Keep it.");
        }
        List<Codec<Object>> today = components.stream()
                .map(component -> codecs.of(component.shape()))
                .toList();
        return problems.size() > before
                ? unreadable()
                : GeneratedRecord.of(new RecordLayout(to, today, List.copyOf(fields)));
    }

    private Codec<Object> sealed(Schema.Sealed from, Shape.Sealed to, String path, boolean distinct) {
        Map<String, Shape> byName = new HashMap<>();
        to.cases().forEach(each -> byName.put(each.javaClass().getSimpleName(), each));
        List<Codec<Object>> cases = new ArrayList<>();
        for (Schema.Case each : from.cases()) {
            Shape shape = byName.get(each.name());
            if (shape == null) {
                problems.add(path + ": case " + each.name() + " of " + from.name() + " is gone from "
                        + to.javaClass().getTypeName() + ", but values of it may be stored. Keep it under this name.");
            } else {
                cases.add(match(each.schema(), shape, path + "(" + each.name() + ")", distinct));
            }
        }
        return new SealedCodec(List.of(), List.copyOf(cases));
    }

    private Codec<Object> enumeration(Schema.Enumeration from, Shape.Enumeration to, String path) {
        Map<String, Enum<?>> byName = new HashMap<>();
        to.constants().forEach(constant -> byName.put(constant.name(), constant));
        List<Enum<?>> constants = new ArrayList<>();
        for (String name : from.constants()) {
            Enum<?> constant = byName.get(name);
            if (constant == null) {
                problems.add(path + ": constant " + name + " of " + from.name() + " is gone from "
                        + to.javaClass().getTypeName() + ", but may be stored. Keep it under this name.");
            } else {
                constants.add(constant);
            }
        }
        return Codec.erased(new EnumCodec(List.copyOf(constants)));
    }

    private Codec<Object> custom(Schema.Custom from, Shape.Custom to, String path) {
        int version = to.serializer().version();
        if (!from.name().equals(to.name())) {
            return changed(from, to, path);
        } else if (from.version() > version) {
            problems.add(path + " was written by version " + from.version() + " of custom format " + from.name()
                    + "; " + to.serializer().getClass().getTypeName() + " has version " + version
                    + " and cannot read newer ones. Run a program that has version " + from.version() + " or a later"
                    + " one.");
            return unreadable();
        }
        return Codecs.custom(to, from.version());
    }

    private Codec<Object> changed(Schema written, Shape current, String path) {
        problems.add(path + " was written as " + SchemaText.brief(written) + " and is "
                + SchemaText.brief(ShapeSchema.of(current))
                + " now. Numbers may be widened (i8, i16, i32, i64; f32, f64; i8 or i16 to f32; i8, i16 or i32 to f64),"
                + " and a value may become Optional; for another type keep the old component and add a new one with a"
                + " @Default.");
        return unreadable();
    }

    /** Values of an older schema are only read. */
    private static Codec<Object> mapped(Codec<Object> written, Function<Object, Object> after) {
        return new CollectionCodecs.MappedCodec<>(
                written,
                value -> {
                    throw new UnsupportedOperationException("a value of an older schema is not written");
                },
                after);
    }

    /** Stands where there is a problem, so that the others are found as well. Never used to read. */
    private Codec<Object> unreadable() {
        return new SkipCodec(new Schema.Record("unreadable", List.of()), definitions);
    }
}
