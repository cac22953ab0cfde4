package dev.holdfast.simulation.audit;

import dev.holdfast.engine.checkpoint.Manifest;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The objects that a manifest names: every string {@code object} of any record in it. On purpose it knows nothing of how the engine
 * walks manifests, so that both can be compared.
 */
final class NamedObjects {
    /** Of each kind of record; a manifest has thousands. */
    private static final ClassValue<List<Method>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toList();
        }
    };

    private NamedObjects() {}

    static Set<String> of(Manifest manifest) {
        Set<String> names = new TreeSet<>();
        collect(manifest, names);
        return names;
    }

    private static void collect(Object value, Set<String> names) {
        switch (value) {
            case Iterable<?> many -> many.forEach(each -> collect(each, names));
            case Optional<?> perhaps -> perhaps.ifPresent(each -> collect(each, names));
            case Record fields -> {
                for (Method accessor : ACCESSORS.get(fields.getClass())) {
                    Object field = read(accessor, fields);
                    if (field instanceof String name && accessor.getName().equals("object")) {
                        names.add(name);
                    } else if (field != null) {
                        collect(field, names);
                    }
                }
            }
            default -> {}
        }
    }

    private static Object read(Method accessor, Record owner) {
        try {
            return accessor.invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + accessor, e);
        }
    }
}
