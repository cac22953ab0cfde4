package dev.holdfast.connector.files;

import dev.holdfast.api.UnrecoverableException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneId;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON (RFC 8259), without spaces; see {@link ExactlyOnceFiles#json}. */
final class Json {

    private Json() {}

    static void write(@Nullable Object value, RowBuffer out) {
        switch (value) {
            case null -> out.append("null");
            case String text -> writeText(text, out);
            case Long number -> out.append(number.longValue());
            case Integer number -> out.append(number.longValue());
            case Record record -> JsonShape.of(record.getClass()).write(record, out);
            case Boolean flag -> out.append(flag ? "true" : "false");
            case Double number -> writeNumber(number, out);
            case Float number -> writeNumber(number, out);
            case Short number -> out.append(number.longValue());
            case Byte number -> out.append(number.longValue());
            case Character c -> writeText(c.toString(), out);
            case BigInteger number -> out.append(number.toString());
            case BigDecimal number -> out.append(number.toString());
            case Enum<?> constant -> writeText(constant.name(), out);
            case Optional<?> optional -> write(optional.orElse(null), out);
            case Collection<?> elements -> writeArray(elements, out);
            case Map<?, ?> entries -> writeMap(entries, out);
            case byte[] bytes -> writeText(Base64.getEncoder().encodeToString(bytes), out);
            case Temporal time -> writeText(time.toString(), out);
            case TemporalAmount amount -> writeText(amount.toString(), out);
            case ZoneId zone -> writeText(zone.toString(), out);
            default ->
                throw new UnrecoverableException(
                        "HF-FIL-014",
                        "a " + value.getClass().getName()
                                + " has no JSON form here; expected records, numbers, texts, enums,"
                                + " collections, maps, optionals, byte arrays or java.time values. Use ExactlyOnceFiles.of with"
                                + " an encoder of your own.");
        }
    }

    private static void writeNumber(Number number, RowBuffer out) {
        if (!Double.isFinite(number.doubleValue())) {
            throw new UnrecoverableException(
                    "HF-FIL-014",
                    number + " has no JSON form; expected a finite number. Filter such records out, make the component"
                            + " optional, or use ExactlyOnceFiles.of with an encoder of your own.");
        }
        out.append(number.toString());
    }

    private static void writeArray(Collection<?> elements, RowBuffer out) {
        char before = '[';
        if (elements.isEmpty()) {
            out.append(before);
        }
        for (Object element : elements) {
            out.append(before);
            write(element, out);
            before = ',';
        }
        out.append(']');
    }

    private static void writeMap(Map<?, ?> entries, RowBuffer out) {
        char before = '{';
        if (entries.isEmpty()) {
            out.append(before);
        }
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            out.append(before);
            Object key = entry.getKey();
            writeText(key instanceof Enum<?> constant ? constant.name() : String.valueOf(key), out);
            out.append(':');
            write(entry.getValue(), out);
            before = ',';
        }
        out.append('}');
    }

    static void writeText(String text, RowBuffer out) {
        out.append('"');
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
                continue;
            }
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
                continue;
            }
            out.append(text.substring(from, i));
            from = i + 1;
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        out.append(from == 0 ? text : text.substring(from)).append('"');
    }
}
