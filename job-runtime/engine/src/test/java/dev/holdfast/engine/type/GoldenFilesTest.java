package dev.holdfast.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The stored formats of values and schemas, once and for all. A file that differs means that state in the field cannot be
 * read any more: correct the code, not the file. A new file is made by hand from what the failing test prints.
 */
class GoldenFilesTest {
    private static final int BYTES_PER_LINE = 40;

    private record Golden(String name, Type<?> type, Object value) {}

    private static Stream<Golden> goldens() {
        return Stream.of(
                new Golden("string", Type.of(String.class), "Grüße \uD83D\uDE00"),
                new Golden("long", Type.of(Long.class), -2L),
                new Golden("integer", Type.of(Integer.class), 305419896),
                new Golden(
                        "numbers",
                        Type.of(Fixtures.Numbers.class),
                        new Fixtures.Numbers(true, (byte) -2, (short) 300, -70000, 1L << 40, 1.5f, Double.NaN, 'ß')),
                new Golden(
                        "boxes",
                        Type.of(Fixtures.Boxes.class),
                        new Fixtures.Boxes(false, (byte) 1, (short) 2, 3, 4L, 5f, -0.0, '\u0000')),
                new Golden(
                        "texts",
                        Type.of(Fixtures.Texts.class),
                        new Fixtures.Texts(
                                "",
                                new byte[] {1, -1},
                                UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
                                new BigInteger("-123456789012345678901234567890"),
                                new BigDecimal("12.340"))),
                new Golden("times", Type.of(Fixtures.Times.class), times()),
                new Golden("collections", Type.of(Fixtures.Collections.class), collections()),
                new Golden("sealed-record", Type.of(Fixtures.Payment.class), new Fixtures.Card(4, Optional.of("Ada"))),
                new Golden("sealed-empty", Type.of(Fixtures.Payment.class), new Fixtures.Cash()),
                new Golden("sealed-enum", Type.of(Fixtures.Payment.class), Fixtures.Voucher.LARGE),
                new Golden(
                        "generic",
                        Type.of(Fixtures.Generic.class),
                        new Fixtures.Generic(
                                new Fixtures.Pair<>("a", 1L),
                                new Fixtures.Pair<>(new Fixtures.Pair<>(2, Fixtures.Color.BLUE), List.of("b", "c")),
                                new Fixtures.Failure<>("no"))),
                new Golden(
                        "recursive",
                        Type.of(Fixtures.Expression.class),
                        new Fixtures.Sum(new Fixtures.Literal(1), new Fixtures.Negated(new Fixtures.Literal(2)))),
                new Golden(
                        "customs",
                        Type.of(Fixtures.Customs.class),
                        new Fixtures.Customs(
                                new Fixtures.Money(-150),
                                new Fixtures.Opaque("x"),
                                List.of(new Fixtures.Opaque("y")),
                                200,
                                "end")),
                new Golden(
                        "list-of-optionals",
                        Type.list(Type.optional(Integer.class)),
                        List.of(Optional.of(7), Optional.empty())),
                new Golden(
                        "event",
                        Type.of(Fixtures.Event.class),
                        new Fixtures.Event(1, 1700000000000L, "user", "/page", 200, 9.99, true, "note")));
    }

    private static Fixtures.Times times() {
        Instant instant = Instant.parse("2024-02-29T12:34:56.789Z");
        LocalDateTime local = LocalDateTime.of(2024, 2, 29, 12, 34, 56, 789);
        return new Fixtures.Times(
                instant,
                Duration.ofMillis(-1500),
                LocalDate.of(1969, 7, 20),
                LocalTime.of(23, 59, 59, 999_999_999),
                local,
                OffsetDateTime.of(local, ZoneOffset.ofHours(-3)),
                ZonedDateTime.ofInstant(instant, ZoneId.of("Europe/Berlin")),
                Period.of(1, -2, 300),
                Year.of(2024),
                YearMonth.of(-5, 12),
                ZoneId.of("UTC"),
                ZoneOffset.ofHoursMinutes(5, 30),
                DayOfWeek.SUNDAY);
    }

    private static Fixtures.Collections collections() {
        Map<String, Long> map = new LinkedHashMap<>();
        map.put("b", 1L);
        map.put("a", 2L);
        return new Fixtures.Collections(
                List.of("x", "y"),
                Set.of(5),
                map,
                Optional.of(Instant.EPOCH),
                OptionalInt.of(1),
                OptionalLong.empty(),
                OptionalDouble.of(0.5),
                List.of(Map.of("k", Optional.of(List.of(1, 2)))),
                List.of(new Fixtures.CharSequenceBox("z")));
    }

    @TestFactory
    Stream<DynamicTest> formatsAreWhatTheyWere() {
        return goldens().map(golden -> DynamicTest.dynamicTest(golden.name, () -> check(golden, golden.type)));
    }

    private static <T> void check(Golden golden, Type<T> type) throws IOException {
        TypeSerializer<T> serializer = TypeSerializers.of(type);
        @SuppressWarnings("unchecked")
        T value = (T) golden.value;
        DataWriter out = new DataWriter();
        serializer.write(value, out);
        String text = "schema\n" + hex(serializer.schema().encode()) + "value\n" + hex(out.toByteArray());
        String file = "/golden/type/" + golden.name + ".hex";
        try (InputStream stream = GoldenFilesTest.class.getResourceAsStream(file)) {
            if (stream == null) {
                fail("no golden file src/test/resources" + file + ". If the format is new, put this there:\n" + text);
                return;
            }
            String stored = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).isEqualTo(stored);
            String[] parts = stored.split("value\n");
            Schema schema = Schema.decode(bytes(parts[0].substring("schema\n".length())));
            T read = Evolution.reader(schema, serializer).read(new DataReader(bytes(parts[1])));
            if (!(value instanceof Fixtures.Texts)) {
                assertThat(read).isEqualTo(value);
            }
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace("\n", ""));
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i += BYTES_PER_LINE) {
            text.append(HexFormat.of().formatHex(bytes, i, Math.min(bytes.length, i + BYTES_PER_LINE)))
                    .append('\n');
        }
        return text.toString();
    }
}
