package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Default;
import dev.holdfast.api.type.SerializedBy;
import dev.holdfast.api.type.Serializer;
import java.math.BigDecimal;
import java.math.BigInteger;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Types that programs might have. */
final class Fixtures {
    private Fixtures() {}

    record Numbers(boolean bool, byte i8, short i16, int i32, long i64, float f32, double f64, char character) {}

    record Boxes(Boolean bool, Byte i8, Short i16, Integer i32, Long i64, Float f32, Double f64, Character character) {}

    record Texts(String string, byte[] bytes, UUID uuid, BigInteger bigInteger, BigDecimal bigDecimal) {}

    record Times(
            Instant instant,
            Duration duration,
            LocalDate localDate,
            LocalTime localTime,
            LocalDateTime localDateTime,
            OffsetDateTime offsetDateTime,
            ZonedDateTime zonedDateTime,
            Period period,
            Year year,
            YearMonth yearMonth,
            ZoneId zoneId,
            ZoneOffset zoneOffset,
            DayOfWeek day) {}

    record Collections(
            List<String> list,
            Set<Integer> set,
            Map<String, Long> map,
            Optional<Instant> optional,
            OptionalInt optionalInt,
            OptionalLong optionalLong,
            OptionalDouble optionalDouble,
            List<Map<String, Optional<List<Integer>>>> nested,
            List<? extends CharSequenceBox> wildcard) {}

    record CharSequenceBox(String text) {}

    enum Color {
        RED,
        GREEN {
            @Override
            boolean isNice() {
                return true;
            }
        },
        BLUE;

        boolean isNice() {
            return false;
        }
    }

    sealed interface Payment {}

    sealed interface Electronic extends Payment {}

    record Cash() implements Payment {}

    record Card(long number, Optional<String> holder) implements Electronic {}

    record Transfer(String iban) implements Electronic {}

    enum Voucher implements Payment {
        SMALL,
        LARGE
    }

    record Pair<A, B>(A first, B second) {}

    sealed interface Outcome<T> {}

    record Success<V>(V value) implements Outcome<V> {}

    record Failure<V>(String reason) implements Outcome<V> {}

    record Generic(Pair<String, Long> one, Pair<Pair<Integer, Color>, List<String>> two, Outcome<Long> outcome) {}

    record Node(int value, Optional<Node> next) {}

    record Tree(String name, List<Tree> children, Map<String, Tree> byName) {}

    sealed interface Expression {}

    record Literal(double value) implements Expression {}

    record Sum(Expression left, Expression right) implements Expression {}

    record Negated(Expression of) implements Expression {}

    /** Amounts in cents, by a format of our own. */
    static final class Money {
        final long cents;

        Money(long cents) {
            this.cents = cents;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Money money && money.cents == cents;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(cents);
        }
    }

    static final class MoneySerializer implements Serializer<Money> {
        @Override
        public void write(Money value, DataWriter out) {
            out.writeZigZag(value.cents);
        }

        @Override
        public Money read(DataReader in, int version) {
            return new Money(in.readZigZag());
        }
    }

    /** Bytes as many as asked for, to see lengths of every size. */
    static final class RunSerializer implements Serializer<Integer> {
        @Override
        public void write(Integer value, DataWriter out) {
            for (int i = 0; i < value; i++) {
                out.writeByte(7);
            }
        }

        @Override
        public Integer read(DataReader in, int version) {
            int count = in.remaining();
            in.skip(count);
            return count;
        }
    }

    @SerializedBy(value = OpaqueSerializer.class, name = "opaque")
    static final class Opaque {
        final String text;

        Opaque(String text) {
            this.text = text;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Opaque opaque && opaque.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    static final class OpaqueSerializer implements Serializer<Opaque> {
        @Override
        public int version() {
            return 3;
        }

        @Override
        public void write(Opaque value, DataWriter out) {
            out.writeString(value.text);
        }

        @Override
        public Opaque read(DataReader in, int version) {
            return new Opaque(in.readString());
        }
    }

    record Customs(
            @SerializedBy(value = MoneySerializer.class, name = "money")
            Money money,

            Opaque opaque,
            List<Opaque> opaques,

            @SerializedBy(value = RunSerializer.class, name = "run")
            int run,

            String after) {}

    record Defaults(
            @Default("7") int number,
            @Default("-3") Long boxed,
            @Default("true") boolean flag,
            @Default("none") String text,
            @Default("BLUE") Color color,
            @Default("1.50") BigDecimal price,
            @Default("PT5S") Duration pause,
            @Default("2024-02-29") LocalDate day,
            @Default("x") char letter,
            @Default("9") Optional<Integer> maybe,
            Optional<String> absent,
            List<String> list,
            Map<String, String> map,
            Set<String> set,
            OptionalLong noNumber) {}

    record Order(
            String id,
            List<Item> items,
            Map<String, Long> counters,
            Color color,
            Payment payment,
            Instant at,
            Optional<String> note) {}

    record Item(String sku, int amount, BigDecimal price) {}

    /** The record of the benchmarks: 8 fields, about 100 bytes. */
    record Event(long id, long time, String user, String page, int status, double amount, boolean flag, String note) {}
}
