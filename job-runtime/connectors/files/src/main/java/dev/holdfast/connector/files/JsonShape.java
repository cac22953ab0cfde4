package dev.holdfast.connector.files;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How a record class is written: its components' names, escaped once, and the ways to their values. */
final class JsonShape {
    private static final ClassValue<JsonShape> SHAPES = new ClassValue<>() {
        @Override
        protected JsonShape computeValue(Class<?> type) {
            return new JsonShape(type);
        }
    };

    private static final MethodType TO_LONG = MethodType.methodType(long.class, Object.class);
    private static final MethodType TO_OBJECT = MethodType.methodType(Object.class, Object.class);

    /**
     * @param prefix comma or brace, name and colon
     * @param whole whether {@code get} returns a long, so that nothing is boxed
     */
    private record Component(String name, String prefix, boolean whole, MethodHandle get) {}

    private final Class<?> type;
    private final Component[] components;

    private JsonShape(Class<?> type) {
        this.type = type;
        List<Component> found = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            RowBuffer prefix = new RowBuffer(64);
            prefix.append(found.isEmpty() ? '{' : ',');
            Json.writeText(component.getName(), prefix);
            prefix.append(':');
            Class<?> raw = component.getType();
            boolean whole = raw == long.class || raw == int.class || raw == short.class || raw == byte.class;
            found.add(new Component(
                    component.getName(),
                    StandardCharsets.UTF_8.decode(prefix.content()).toString(),
                    whole,
                    accessor(component).asType(whole ? TO_LONG : TO_OBJECT)));
        }
        components = found.toArray(Component[]::new);
    }

    static JsonShape of(Class<?> recordClass) {
        return SHAPES.get(recordClass);
    }

    private MethodHandle accessor(RecordComponent component) {
        Method accessor = component.getAccessor();
        try {
            accessor.setAccessible(true);
            return MethodHandles.lookup().unreflect(accessor);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw new UnrecoverableException(
                    "HF-FIL-014",
                    "component '" + component.getName() + "' of " + type.getName()
                            + " cannot be read; expected a record in a package that is open to this module. Open the package,"
                            + " or use ExactlyOnceFiles.of with an encoder of your own.",
                    e);
        }
    }

    void write(Record record, RowBuffer out) {
        if (components.length == 0) {
            out.append('{');
        }
        for (Component component : components) {
            out.append(component.prefix());
            write(component, record, out);
        }
        out.append('}');
    }

    private void write(Component component, Record record, RowBuffer out) {
        if (component.whole()) {
            out.append(longOf(component, record));
            return;
        }
        try {
            Json.write(valueOf(component, record), out);
        } catch (HoldfastException e) {
            throw new HoldfastException(
                    e.code(),
                    "in component '" + component.name() + "' of " + type.getName() + ": " + withoutCode(e),
                    e);
        }
    }

    private static String withoutCode(HoldfastException e) {
        return String.valueOf(e.getMessage()).substring(e.code().length() + ": ".length());
    }

    private long longOf(Component component, Record record) {
        try {
            return (long) component.get().invokeExact((Object) record);
        } catch (Throwable e) {
            throw failed(component, e);
        }
    }

    private Object valueOf(Component component, Record record) {
        try {
            return component.get().invokeExact((Object) record);
        } catch (Throwable e) {
            throw failed(component, e);
        }
    }

    /** An accessor that was written by hand may throw. */
    private IllegalStateException failed(Component component, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(
                "cannot read component '" + component.name() + "' of " + type.getName(), cause);
    }
}
