package dev.holdfast.engine.type;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes of a number's kind that lose nothing, whatever the value. */
final class Widening {
    private Widening() {}

    /** From a number as written to one of the kind of today; null if something could be lost. */
    static @Nullable Function<Number, Number> between(Schema.Primitive written, Schema.Primitive current) {
        return switch (current) {
            case I16 -> written == Schema.Primitive.I8 ? Number::shortValue : null;
            case I32 -> isInteger(written, 16) ? Number::intValue : null;
            case I64 -> isInteger(written, 32) ? Number::longValue : null;
            // A float holds integers of up to 24 bits exactly, a double of up to 53.
            case F32 -> isInteger(written, 16) ? Number::floatValue : null;
            case F64 -> written == Schema.Primitive.F32 || isInteger(written, 32) ? Number::doubleValue : null;
            case BOOL, I8, CHAR, STRING, BYTES, UUID, BIG_INTEGER, BIG_DECIMAL, INSTANT, DURATION -> null;
            case LOCAL_DATE, LOCAL_TIME, LOCAL_DATE_TIME, OFFSET_DATE_TIME, ZONED_DATE_TIME, PERIOD -> null;
            case YEAR, YEAR_MONTH, ZONE_ID, ZONE_OFFSET -> null;
        };
    }

    private static boolean isInteger(Schema.Primitive kind, int maxBits) {
        return kind == Schema.Primitive.I8
                || kind == Schema.Primitive.I16
                || (kind == Schema.Primitive.I32 && maxBits >= 32);
    }
}
