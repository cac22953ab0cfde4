package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/**
 * A record codec without generated code: for records too large for {@link GeneratedRecord}, and to compare with it. A
 * record is its fields in order, without tags; one without fields is a zero byte.
 */
record ReflectiveRecord(RecordLayout layout) implements Codec<Object> {

    @Override
    public void write(Object value, DataWriter out, int depth) {
        if (!layout.shape().javaClass().isInstance(value)) {
            if (value == null) {
                throw new NullPointerException(
                        "record " + layout.shape().javaClass().getTypeName());
            }
            throw new ClassCastException(value.getClass().getTypeName());
        }
        List<Codec<Object>> components = layout.components();
        if (components.isEmpty()) {
            out.writeByte(0);
        }
        for (int i = 0; i < components.size(); i++) {
            components.get(i).write(component(value, i), out, depth);
        }
    }

    @Override
    public Object read(DataReader in, int depth) {
        int count = layout.shape().components().size();
        Object[] arguments = new Object[count];
        for (int i = 0; i < count; i++) {
            if (!layout.isWritten(i)) {
                arguments[i] = layout.defaultValue(i);
            }
        }
        if (layout.fields().isEmpty()) {
            in.readByte();
        }
        for (RecordLayout.Field field : layout.fields()) {
            Object read = field.codec().read(in, depth);
            if (field.component() != RecordLayout.SKIPPED) {
                arguments[field.component()] = read;
            }
        }
        try {
            return layout.shape().constructor().newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw rethrown(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int sizeBytes(Object value, int depth) {
        int size = GeneratedRecord.headerBytes(layout.shape());
        for (int i = 0; i < layout.components().size(); i++) {
            boolean primitive = layout.shape().components().get(i).declared().isPrimitive();
            size += primitive ? 0 : layout.components().get(i).sizeBytes(component(value, i), depth);
        }
        return size;
    }

    private Object component(Object record, int index) {
        try {
            return layout.shape().components().get(index).accessor().invoke(record);
        } catch (InvocationTargetException e) {
            throw rethrown(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException rethrown(InvocationTargetException e) {
        return switch (e.getCause()) {
            case RuntimeException cause -> cause;
            case Error cause -> throw cause;
            case null, default -> new IllegalStateException(e);
        };
    }
}
