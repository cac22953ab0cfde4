package dev.holdfast.simulation.audit;

import dev.holdfast.engine.checkpoint.Manifest;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The objects that a manifest names: every string {@code object} of any record in it. On purpose it knows nothing of how the engine
 * walks manifests, so that both can be compared.
 */
final class NamedObjects {
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
                for (RecordComponent component : fields.getClass().getRecordComponents()) {
                    Object field = read(component, fields);
                    if (component.getName().equals("object") && field instanceof String name) {
                        names.add(name);
                    } else if (field != null) {
                        collect(field, names);
                    }
                }
            }
            default -> {}
        }
    }

    private static Object read(RecordComponent component, Record owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
