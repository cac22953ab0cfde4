package dev.holdfast.engine.type;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What encoded values mean, without the classes that made them: stored beside the values, compared at restore.
 *
 * <p>A record or sealed type is spelled out where it first occurs, in the order in which {@code toString} prints it, and
 * is a {@link Reference} wherever it occurs again. So recursive types have finite schemas. A part of a schema is therefore
 * a schema of its own only if it refers to nothing outside itself.
 *
 * <p>Equality is by value. {@code toString} is for people: {@code record Count(word: string, count: i64)}.
 */
public sealed interface Schema {

    /** The stored form; see {@link SchemaCodec} for the format. */
    default byte[] encode() {
        return SchemaCodec.encode(this);
    }

    /** Reads what {@link #encode} made. Anything else throws {@link IllegalStateException}. */
    static Schema decode(byte[] bytes) {
        return SchemaCodec.decode(bytes);
    }

    /** Kinds without parts. The codes are frozen. */
    enum Primitive implements Schema {
        BOOL(1, "bool"),
        I8(2, "i8"),
        I16(3, "i16"),
        I32(4, "i32"),
        I64(5, "i64"),
        F32(6, "f32"),
        F64(7, "f64"),
        CHAR(8, "char"),
        STRING(9, "string"),
        BYTES(10, "bytes"),
        UUID(11, "uuid"),
        BIG_INTEGER(12, "bigInteger"),
        BIG_DECIMAL(13, "bigDecimal"),
        INSTANT(14, "instant"),
        DURATION(15, "duration"),
        LOCAL_DATE(16, "localDate"),
        LOCAL_TIME(17, "localTime"),
        LOCAL_DATE_TIME(18, "localDateTime"),
        OFFSET_DATE_TIME(19, "offsetDateTime"),
        ZONED_DATE_TIME(20, "zonedDateTime"),
        PERIOD(21, "period"),
        YEAR(22, "year"),
        YEAR_MONTH(23, "yearMonth"),
        ZONE_ID(24, "zoneId"),
        ZONE_OFFSET(25, "zoneOffset");

        final int code;
        private final String text;

        Primitive(int code, String text) {
            this.code = code;
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A record: the values of its fields in this order.
     *
     * @param name simple name of the class, for people; two records of different names may read each other
     */
    record Record(String name, List<Field> fields) implements Schema {
        public Record {
            fields = List.copyOf(fields);
            requireDistinct("field", name, fields.stream().map(Field::name).toList());
        }

        @Override
        public String toString() {
            return SchemaText.of(this);
        }
    }

    /**
     * A field of a record.
     *
     * @param hasDefault whether values written before the field existed can be read
     */
    record Field(String name, Schema schema, boolean hasDefault) {
        @Override
        public String toString() {
            return name + ": " + schema;
        }
    }

    /**
     * One of several records or enums: the index of the case, then the value. Nested sealed types are flattened.
     *
     * @param name simple name of the interface, for people
     */
    record Sealed(String name, List<Case> cases) implements Schema {
        public Sealed {
            cases = List.copyOf(cases);
            requireDistinct("case", name, cases.stream().map(Case::name).toList());
        }

        @Override
        public String toString() {
            return SchemaText.of(this);
        }
    }

    /**
     * A case of a sealed type.
     *
     * @param name simple name of the class: the identity of the case
     */
    record Case(String name, Schema schema) {
        @Override
        public String toString() {
            return schema.toString();
        }
    }

    /**
     * An enum: the index of the constant in this list.
     *
     * @param name simple name of the class, for people
     */
    record Enumeration(String name, List<String> constants) implements Schema {
        public Enumeration {
            constants = List.copyOf(constants);
            requireDistinct("constant", name, constants);
        }

        @Override
        public String toString() {
            return SchemaText.of(this);
        }
    }

    record ListOf(Schema element) implements Schema {
        @Override
        public String toString() {
            return SchemaText.of(this);
        }
    }

    record SetOf(Schema element) implements Schema {
        @Override
        public String toString() {
            return SchemaText.of(this);
        }
    }

    record MapOf(Schema key, Schema value) implements Schema {
        @Override
        public String toString() {
            return SchemaText.of(this);
        }
    }

    record OptionalOf(Schema element) implements Schema {
        @Override
        public String toString() {
            return SchemaText.of(this);
        }
    }

    /** A format of the user's own. */
    record Custom(String name, int version) implements Schema {
        public Custom {
            if (version < 1) {
                throw new IllegalArgumentException(
                        "custom format " + name + " has version " + version + "; versions count from 1");
            }
        }

        @Override
        public String toString() {
            return SchemaText.of(this);
        }
    }

    /**
     * A record or sealed type that is spelled out earlier.
     *
     * @param definition its number: records and sealed types count from 0 in the order of their first occurrence
     */
    record Reference(int definition) implements Schema {
        @Override
        public String toString() {
            return "#" + definition;
        }
    }

    private static void requireDistinct(String what, String owner, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException(owner + " has more than one " + what + " named " + name);
            }
        }
    }
}
