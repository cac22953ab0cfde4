package dev.holdfast.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class JsonTest {
    private record Count(String word, long count) {}

    private record Empty() {}

    private enum Color {
        RED {
            @Override
            public String toString() {
                return "not the name";
            }
        }
    }

    private record All(
            int i,
            short s,
            byte b,
            boolean flag,
            double d,
            float f,
            char c,
            Color color,
            List<Count> counts,
            Map<Color, Integer> byColor,
            Optional<Long> some,
            Optional<Long> none,
            byte[] bytes,
            Instant at,
            Duration lasts,
            LocalDate day,
            BigDecimal exact,
            Empty empty) {}

    private record Odd(TimeZone zone) {}

    private record Outer(List<Odd> odds) {}

    @Test
    void recordsAreObjects() {
        assertThat(json(new Count("the", 63_919))).isEqualTo("{\"word\":\"the\",\"count\":63919}");
        assertThat(json(new Empty())).isEqualTo("{}");
    }

    @Test
    void everyKindOfComponentHasItsForm() {
        All all = new All(
                -1,
                (short) 2,
                (byte) -3,
                true,
                1.5e300,
                0.1f,
                '"',
                Color.RED,
                List.of(new Count("a", 1), new Count("b", Long.MIN_VALUE)),
                Map.of(Color.RED, 7),
                Optional.of(8L),
                Optional.empty(),
                new byte[] {1, 2, (byte) 255},
                Instant.parse("2024-05-06T07:08:09Z"),
                Duration.ofMillis(1500),
                LocalDate.of(2024, 5, 6),
                new BigDecimal("1.10"),
                new Empty());

        assertThat(json(all))
                .isEqualTo(
                        "{\"i\":-1,\"s\":2,\"b\":-3,\"flag\":true,\"d\":1.5E300,\"f\":0.1,\"c\":\"\\\"\",\"color\":\"RED\","
                                + "\"counts\":[{\"word\":\"a\",\"count\":1},{\"word\":\"b\",\"count\":-9223372036854775808}],"
                                + "\"byColor\":{\"RED\":7},\"some\":8,\"none\":null,\"bytes\":\"AQL/\","
                                + "\"at\":\"2024-05-06T07:08:09Z\",\"lasts\":\"PT1.5S\",\"day\":\"2024-05-06\",\"exact\":1.10,"
                                + "\"empty\":{}}");
    }

    @Test
    void textIsEscapedWhereItMust() {
        assertThat(json("a\"\\\n\r\t\u0001\u20ac\uD83D\uDE00/"))
                .isEqualTo("\"a\\\"\\\\\\n\\r\\t\\u0001\u20ac\uD83D\uDE00/\"");
        assertThat(json("\uDE00x\uD83D")).isEqualTo("\"\\ude00x\\ud83d\"");
    }

    @Test
    void collectionsMayBeEmptyOrHoldNulls() {
        assertThat(json(List.of())).isEqualTo("[]");
        assertThat(json(Map.of())).isEqualTo("{}");
        assertThat(json(Arrays.asList(1, null, "x"))).isEqualTo("[1,null,\"x\"]");
    }

    @Test
    void numbersAreThoseOfLongToString() throws Exception {
        Seeds.each(2_000, random -> {
            long number = random.nextLong() >> random.nextInt(64);
            assertThat(json(number)).isEqualTo(Long.toString(number));
        });
        assertThat(json(0L)).isEqualTo("0");
        assertThat(json(-10L)).isEqualTo("-10");
        assertThat(json(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
    }

    @Test
    void whatHasNoJsonFormIsAnErrorThatNamesThePath() {
        assertThatThrownBy(() -> json(new Outer(List.of(new Odd(TimeZone.getTimeZone("UTC"))))))
                .hasMessage(
                        "HF-FIL-014: in component 'odds' of dev.holdfast.connector.files.JsonTest$Outer: in component"
                                + " 'zone' of dev.holdfast.connector.files.JsonTest$Odd: a sun.util.calendar.ZoneInfo has no JSON"
                                + " form here; expected records, numbers, texts, enums, collections, maps, optionals, byte arrays"
                                + " or java.time values. Use ExactlyOnceFiles.of with an encoder of your own.");
        assertThatThrownBy(() -> json(Double.NaN))
                .hasMessage(
                        "HF-FIL-014: NaN has no JSON form; expected a finite number. Filter such records out, make the"
                                + " component optional, or use ExactlyOnceFiles.of with an encoder of your own.");
    }

    @Test
    void aRowEndsWithALineEnd() {
        RowBuffer out = new RowBuffer(1);
        new JsonRows().encode(new Count("x", 1), out);

        assertThat(StandardCharsets.UTF_8.decode(out.content()).toString()).isEqualTo("{\"word\":\"x\",\"count\":1}\n");
    }

    private static String json(Object value) {
        RowBuffer out = new RowBuffer(1);
        Json.write(value, out);
        return StandardCharsets.UTF_8.decode(out.content()).toString();
    }
}
