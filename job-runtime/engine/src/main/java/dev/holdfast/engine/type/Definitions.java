package dev.holdfast.engine.type;

import java.util.ArrayList;
import java.util.List;

/** The records and sealed types of a schema by their numbers. */
final class Definitions {
    private final List<Schema> definitions = new ArrayList<>();

    Definitions(Schema root) {
        collect(root);
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

    private void collect(Schema schema) {
        switch (schema) {
            case Schema.Record record -> {
                definitions.add(record);
                record.fields().forEach(field -> collect(field.schema()));
            }
            case Schema.Sealed sealed -> {
                definitions.add(sealed);
                sealed.cases().forEach(each -> collect(each.schema()));
            }
            case Schema.ListOf(Schema element) -> collect(element);
            case Schema.SetOf(Schema element) -> collect(element);
            case Schema.OptionalOf(Schema element) -> collect(element);
            case Schema.MapOf(Schema key, Schema value) -> {
                collect(key);
                collect(value);
            }
            case Schema.Primitive primitive -> {}
            case Schema.Enumeration enumeration -> {}
            case Schema.Custom custom -> {}
            case Schema.Reference reference -> {}
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
