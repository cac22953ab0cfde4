package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.util.List;

/** Reads over a value of a written schema whose class may be gone. */
record SkipCodec(Schema schema, Definitions definitions) implements Codec<Object> {
    private static final Object NOTHING = new Object();

    @Override
    public Object read(DataReader in, int depth) {
        skip(schema, in, depth);
        return NOTHING;
    }

    @Override
    public void write(Object value, DataWriter out, int depth) {
        throw new UnsupportedOperationException("a value of an older schema is not written");
    }

    @Override
    public int sizeBytes(Object value, int depth) {
        throw new UnsupportedOperationException("a skipped value has no size");
    }

    private void skip(Schema reference, DataReader in, int depth) {
        if (definitions.isRecursive(reference)) {
            if (depth >= MAX_DEPTH) {
                throw new IllegalStateException(
                        "damaged value at byte " + in.position() + ": nests more than " + MAX_DEPTH + " levels deep");
            }
            skipDefinition(definitions.resolve(reference), in, depth + 1);
        } else {
            skipDefinition(definitions.resolve(reference), in, depth);
        }
    }

    private void skipDefinition(Schema resolved, DataReader in, int depth) {
        switch (resolved) {
            case Schema.Primitive primitive -> Leaves.of(primitive).read(in, depth);
            case Schema.Record(String name, List<Schema.Field> fields) -> {
                if (fields.isEmpty()) {
                    in.readByte();
                }
                for (Schema.Field field : fields) {
                    skip(field.schema(), in, depth);
                }
            }
            case Schema.Sealed(String name, List<Schema.Case> cases) ->
                skip(cases.get(index(in, cases.size(), name)).schema(), in, depth);
            case Schema.Enumeration(String name, List<String> constants) -> index(in, constants.size(), name);
            case Schema.ListOf(Schema element) -> skipAll(element, in, depth);
            case Schema.SetOf(Schema element) -> skipAll(element, in, depth);
            case Schema.MapOf(Schema key, Schema value) -> {
                int count = in.readLength();
                for (int i = 0; i < count; i++) {
                    skip(key, in, depth);
                    skip(value, in, depth);
                }
            }
            case Schema.OptionalOf(Schema element) -> {
                if (in.readBoolean()) {
                    skip(element, in, depth);
                }
            }
            case Schema.Custom custom -> in.skip(in.readLength());
            case Schema.Reference(int definition) ->
                throw new IllegalStateException("schema refers from definition " + definition + " to another");
        }
    }

    private void skipAll(Schema element, DataReader in, int depth) {
        int count = in.readLength();
        for (int i = 0; i < count; i++) {
            skip(element, in, depth);
        }
    }

    private static int index(DataReader in, int count, String name) {
        int index = in.readVarInt();
        if (index < 0 || index >= count) {
            throw new IllegalStateException("damaged value at byte " + in.position() + ": " + name + " "
                    + Integer.toUnsignedString(index) + " of " + count);
        }
        return index;
    }
}
