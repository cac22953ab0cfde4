package dev.holdfast.engine.type;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The records and sealed types of a schema by their numbers. */
final class Definitions {
    private final List<Schema> definitions = new ArrayList<>();
    private final Set<Identity> recursive = new HashSet<>();

    Definitions(Schema root) {
        collect(root, new ArrayDeque<>());
    }

    /** The definition behind a reference; anything else as it is. */
    Schema resolve(Schema schema) {
        if (schema instanceof Schema.Reference(int definition)) {
            if (definition < 0 || definition >= definitions.size()) {
                throw new IllegalStateException(
                        "schema refers to definition " + definition + " of " + definitions.size());
            }
            return definitions.get(definition);
        }
        return schema;
    }

    /** Whether this is the place where a type refers to itself: a reference to a definition that it lies in. */
    boolean isRecursive(Schema schema) {
        return schema instanceof Schema.Reference && recursive.contains(new Identity(schema));
    }

    private void collect(Schema schema, Deque<Integer> inside) {
        switch (schema) {
            case Schema.Record record -> {
                inside.push(definitions.size());
                definitions.add(record);
                record.fields().forEach(field -> collect(field.schema(), inside));
                inside.pop();
            }
            case Schema.Sealed sealed -> {
                inside.push(definitions.size());
                definitions.add(sealed);
                sealed.cases().forEach(each -> collect(each.schema(), inside));
                inside.pop();
            }
            case Schema.ListOf(Schema element) -> collect(element, inside);
            case Schema.SetOf(Schema element) -> collect(element, inside);
            case Schema.OptionalOf(Schema element) -> collect(element, inside);
            case Schema.MapOf(Schema key, Schema value) -> {
                collect(key, inside);
                collect(value, inside);
            }
            case Schema.Primitive primitive -> {}
            case Schema.Enumeration enumeration -> {}
            case Schema.Custom custom -> {}
            case Schema.Reference reference -> {
                if (inside.contains(reference.definition())) {
                    recursive.add(new Identity(reference));
                }
            }
        }
    }

    /** A schema compared by identity, which is quick and tells equal definitions apart. */
    record Identity(Schema schema) {
        @Override
        @SuppressWarnings("ReferenceEquality") // the purpose of this class
        public boolean equals(Object other) {
            return other instanceof Identity(Schema same) && same == schema;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(schema);
        }
    }
}
