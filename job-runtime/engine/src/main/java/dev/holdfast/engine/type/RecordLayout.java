package dev.holdfast.engine.type;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a record is written and read: its components, and the written fields, which are the components unless an older
 * schema is read.
 *
 * @param components codec of each component as it is today; used to write and to tell the size
 * @param fields the fields in the order in which they were written
 */
record RecordLayout(Shape.Record shape, List<Codec<Object>> components, List<Field> fields) {

    /** Stands for a written field that no component takes. */
    static final int SKIPPED = -1;

    /**
     * A written field.
     *
     * @param component index of the component that it becomes, or {@link #SKIPPED}
     */
    record Field(int component, Codec<Object> codec) {}

    /** The layout of today's values. */
    static RecordLayout of(Shape.Record shape, List<Codec<Object>> components) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            fields.add(new Field(i, components.get(i)));
        }
        return new RecordLayout(shape, components, fields);
    }

    /** The value of a component that was not written. */
    Object defaultValue(int component) {
        Shape.Component missing = shape.components().get(component);
        @Nullable Object value = missing.defaultValue();
        if (value == null) {
            throw new IllegalStateException(missing.name() + " of " + shape.javaClass() + " has no default");
        }
        return value;
    }

    boolean isWritten(int component) {
        return fields.stream().anyMatch(field -> field.component() == component);
    }
}
