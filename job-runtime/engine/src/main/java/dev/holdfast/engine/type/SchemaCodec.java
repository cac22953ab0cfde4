package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The stored form of a schema: one byte format version, then the nodes in depth-first order, each a code byte and its
 * parts. Frozen by golden files.
 *
 * <pre>
 * 1..31  primitive
 * 32     record       name, count, then name, flags (1 = has a default), schema of each field
 * 33     sealed       name, count, then name, schema of each case
 * 34     enumeration  name, count, then each constant
 * 35     list         schema
 * 36     set          schema
 * 37     map          schema of the key, schema of the value
 * 38     optional     schema
 * 39     custom       name, version (varint)
 * 40     reference    definition (varint)
 * </pre>
 */
final class SchemaCodec {
    /** Types nest by a handful of levels; the bound keeps damaged bytes from exhausting the stack. */
    static final int MAX_DEPTH = 100;

    private static final int FORMAT = 1;
    private static final int RECORD = 32;
    private static final int SEALED = 33;
    private static final int ENUMERATION = 34;
    private static final int LIST = 35;
    private static final int SET = 36;
    private static final int MAP = 37;
    private static final int OPTIONAL = 38;
    private static final int CUSTOM = 39;
    private static final int REFERENCE = 40;
    private static final int HAS_DEFAULT = 1;

    private final DataReader in;
    private int definitions;

    private SchemaCodec(DataReader in) {
        this.in = in;
    }

    static byte[] encode(Schema schema) {
        DataWriter out = new DataWriter();
        out.writeByte(FORMAT);
        write(schema, out);
        return out.toByteArray();
    }

    static Schema decode(byte[] bytes) {
        DataReader in = new DataReader(bytes);
        int format = in.readByte();
        if (format != FORMAT) {
            throw new IllegalStateException("schema of format " + format + "; this version reads format " + FORMAT
                    + ". It was written by a newer version or is damaged");
        }
        SchemaCodec codec = new SchemaCodec(in);
        Schema schema;
        try {
            schema = codec.read(0);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("damaged schema: " + e.getMessage(), e);
        }
        if (in.remaining() > 0) {
            throw new IllegalStateException("damaged schema: " + in.remaining() + " bytes after its end");
        }
        return schema;
    }

    private static void write(Schema schema, DataWriter out) {
        switch (schema) {
            case Schema.Primitive primitive -> out.writeByte(primitive.code);
            case Schema.Record(String name, List<Schema.Field> fields) -> {
                start(RECORD, name, fields.size(), out);
                for (Schema.Field field : fields) {
                    out.writeString(field.name());
                    out.writeByte(field.hasDefault() ? HAS_DEFAULT : 0);
                    write(field.schema(), out);
                }
            }
            case Schema.Sealed(String name, List<Schema.Case> cases) -> {
                start(SEALED, name, cases.size(), out);
                for (Schema.Case each : cases) {
                    out.writeString(each.name());
                    write(each.schema(), out);
                }
            }
            case Schema.Enumeration(String name, List<String> constants) -> {
                start(ENUMERATION, name, constants.size(), out);
                constants.forEach(out::writeString);
            }
            case Schema.ListOf(Schema element) -> {
                out.writeByte(LIST);
                write(element, out);
            }
            case Schema.SetOf(Schema element) -> {
                out.writeByte(SET);
                write(element, out);
            }
            case Schema.MapOf(Schema key, Schema value) -> {
                out.writeByte(MAP);
                write(key, out);
                write(value, out);
            }
            case Schema.OptionalOf(Schema element) -> {
                out.writeByte(OPTIONAL);
                write(element, out);
            }
            case Schema.Custom(String name, int version) -> {
                out.writeByte(CUSTOM);
                out.writeString(name);
                out.writeVarInt(version);
            }
            case Schema.Reference(int definition) -> {
                out.writeByte(REFERENCE);
                out.writeVarInt(definition);
            }
        }
    }

    private static void start(int code, String name, int count, DataWriter out) {
        out.writeByte(code);
        out.writeString(name);
        out.writeVarInt(count);
    }

    private Schema read(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalStateException("damaged schema: nested deeper than " + MAX_DEPTH + " levels");
        }
        int code = in.readByte();
        return switch (code) {
            case RECORD -> readRecord(depth);
            case SEALED -> readSealed(depth);
            case ENUMERATION -> {
                String name = in.readString();
                int count = in.readLength();
                List<String> constants = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    constants.add(in.readString());
                }
                yield new Schema.Enumeration(name, constants);
            }
            case LIST -> new Schema.ListOf(read(depth + 1));
            case SET -> new Schema.SetOf(read(depth + 1));
            case MAP -> {
                Schema key = read(depth + 1);
                yield new Schema.MapOf(key, read(depth + 1));
            }
            case OPTIONAL -> new Schema.OptionalOf(read(depth + 1));
            case CUSTOM -> {
                String name = in.readString();
                yield new Schema.Custom(name, in.readVarInt());
            }
            case REFERENCE -> {
                int definition = in.readVarInt();
                if (definition < 0 || definition >= definitions) {
                    throw new IllegalStateException(
                            "damaged schema: reference to definition " + definition + " of " + definitions);
                }
                yield new Schema.Reference(definition);
            }
            default -> primitive(code);
        };
    }

    private Schema.Record readRecord(int depth) {
        definitions++;
        String name = in.readString();
        int count = in.readLength();
        List<Schema.Field> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String fieldName = in.readString();
            int flags = in.readByte();
            if (flags != 0 && flags != HAS_DEFAULT) {
                throw new IllegalStateException("damaged schema: flags " + flags + " of field " + fieldName);
            }
            fields.add(new Schema.Field(fieldName, read(depth + 1), flags == HAS_DEFAULT));
        }
        return new Schema.Record(name, fields);
    }

    private Schema.Sealed readSealed(int depth) {
        definitions++;
        String name = in.readString();
        int count = in.readLength();
        List<Schema.Case> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String caseName = in.readString();
            cases.add(new Schema.Case(caseName, read(depth + 1)));
        }
        return new Schema.Sealed(name, cases);
    }

    private static Schema.Primitive primitive(int code) {
        for (Schema.Primitive primitive : Schema.Primitive.values()) {
            if (primitive.code == code) {
                return primitive;
            }
        }
        throw new IllegalStateException("damaged schema: unknown code " + code);
    }
}
