package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
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
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * All kinds without parts, and their formats, which are frozen.
 *
 * <pre>
 * bool             1 byte, 0 or 1
 * i8 i16 i32 i64   fixed width, little endian, as are f32, f64 (one form of NaN) and char (2 bytes)
 * string, bytes    length (varint), UTF-8 or the bytes
 * uuid             16 bytes: high, low
 * bigInteger       length (varint), the shortest two's complement, big endian
 * bigDecimal       scale (zigzag), unscaled bigInteger
 * instant          seconds (i64), nanoseconds (i32); duration is the same
 * localDate        epoch day (zigzag)
 * localTime        nanosecond of the day (varint)
 * localDateTime    localDate, localTime
 * offsetDateTime   localDateTime, zoneOffset
 * zonedDateTime    instant, zoneId
 * period           years, months, days (zigzag each)
 * year             zigzag; yearMonth: year, month (1 byte)
 * zoneId           string; zoneOffset: seconds (zigzag)
 * </pre>
 */
final class Leaves {
    /** A header of 12 bytes, fields, padded to 8: what the usual JVM needs. Compact headers need a little less. */
    private static final int BOX_BYTES = 24;

    private static final Map<Class<?>, LeafCodec<?>> BY_CLASS = new HashMap<>();

    static final LeafCodec<Integer> I32 = fixed(
            Schema.Primitive.I32,
            Integer.class,
            16,
            (value, out) -> out.writeInt(value),
            DataReader::readInt,
            Integer::valueOf);
    static final LeafCodec<Long> I64 = fixed(
            Schema.Primitive.I64,
            Long.class,
            BOX_BYTES,
            (value, out) -> out.writeLong(value),
            DataReader::readLong,
            Long::valueOf);
    static final LeafCodec<Double> F64 = fixed(
            Schema.Primitive.F64,
            Double.class,
            BOX_BYTES,
            (value, out) -> out.writeDouble(value),
            DataReader::readDouble,
            Double::valueOf);
    static final LeafCodec<String> STRING = sized(
            Schema.Primitive.STRING,
            String.class,
            value -> 40 + value.length(),
            (value, out) -> out.writeString(value),
            DataReader::readString,
            text -> text);

    static {
        fixed(
                Schema.Primitive.BOOL,
                Boolean.class,
                0,
                (value, out) -> out.writeBoolean(value),
                DataReader::readBoolean,
                Leaves::parseBoolean);
        fixed(
                Schema.Primitive.I8,
                Byte.class,
                0,
                (value, out) -> out.writeByte(value),
                DataReader::readByte,
                Byte::valueOf);
        fixed(
                Schema.Primitive.I16,
                Short.class,
                16,
                (value, out) -> out.writeShort(value),
                DataReader::readShort,
                Short::valueOf);
        fixed(
                Schema.Primitive.F32,
                Float.class,
                16,
                (value, out) -> out.writeFloat(value),
                DataReader::readFloat,
                Float::valueOf);
        fixed(
                Schema.Primitive.CHAR,
                Character.class,
                16,
                (value, out) -> out.writeShort(value),
                in -> (char) in.readShort(),
                Leaves::parseChar);
        sized(
                Schema.Primitive.BYTES,
                byte[].class,
                value -> 16 + value.length,
                Leaves::writeBytes,
                in -> in.readBytes(in.readLength()),
                text -> {
                    throw new IllegalArgumentException("bytes have no form as text");
                });
        fixed(Schema.Primitive.UUID, UUID.class, 32, Leaves::writeUuid, Leaves::readUuid, UUID::fromString);
        sized(
                Schema.Primitive.BIG_INTEGER,
                BigInteger.class,
                value -> 64 + value.bitLength() / 8,
                (value, out) -> writeBytes(value.toByteArray(), out),
                Leaves::readBigInteger,
                BigInteger::new);
        sized(
                Schema.Primitive.BIG_DECIMAL,
                BigDecimal.class,
                // The exact size needs the unscaled value, which would be made for this alone.
                value -> value.precision() < 19 ? 40 : 104 + value.precision() / 2,
                Leaves::writeBigDecimal,
                Leaves::readBigDecimal,
                BigDecimal::new);
        fixed(
                Schema.Primitive.INSTANT,
                Instant.class,
                BOX_BYTES,
                Leaves::writeInstant,
                Leaves::readInstant,
                Instant::parse);
        fixed(
                Schema.Primitive.DURATION,
                Duration.class,
                BOX_BYTES,
                Leaves::writeDuration,
                in -> Duration.ofSeconds(in.readLong(), in.readInt()),
                Duration::parse);
        fixed(
                Schema.Primitive.LOCAL_DATE,
                LocalDate.class,
                BOX_BYTES,
                (value, out) -> out.writeZigZag(value.toEpochDay()),
                in -> LocalDate.ofEpochDay(in.readZigZag()),
                LocalDate::parse);
        fixed(
                Schema.Primitive.LOCAL_TIME,
                LocalTime.class,
                BOX_BYTES,
                (value, out) -> out.writeVarLong(value.toNanoOfDay()),
                in -> LocalTime.ofNanoOfDay(in.readVarLong()),
                LocalTime::parse);
        fixed(
                Schema.Primitive.LOCAL_DATE_TIME,
                LocalDateTime.class,
                72,
                Leaves::writeLocal,
                Leaves::readLocal,
                LocalDateTime::parse);
        fixed(
                Schema.Primitive.OFFSET_DATE_TIME,
                OffsetDateTime.class,
                96,
                Leaves::writeOffsetDateTime,
                in -> OffsetDateTime.of(readLocal(in), readOffset(in)),
                OffsetDateTime::parse);
        fixed(
                Schema.Primitive.ZONED_DATE_TIME,
                ZonedDateTime.class,
                96,
                Leaves::writeZonedDateTime,
                in -> ZonedDateTime.ofInstant(readInstant(in), ZoneId.of(in.readString())),
                ZonedDateTime::parse);
        fixed(
                Schema.Primitive.PERIOD,
                Period.class,
                BOX_BYTES,
                Leaves::writePeriod,
                in -> Period.of(readSmall(in), readSmall(in), readSmall(in)),
                Period::parse);
        fixed(
                Schema.Primitive.YEAR,
                Year.class,
                16,
                (value, out) -> out.writeZigZag(value.getValue()),
                in -> Year.of(readSmall(in)),
                Year::parse);
        fixed(
                Schema.Primitive.YEAR_MONTH,
                YearMonth.class,
                BOX_BYTES,
                Leaves::writeYearMonth,
                in -> YearMonth.of(readSmall(in), in.readByte()),
                YearMonth::parse);
        // Zones and offsets are kept by the JDK and shared.
        fixed(
                Schema.Primitive.ZONE_ID,
                ZoneId.class,
                0,
                (value, out) -> out.writeString(value.getId()),
                in -> ZoneId.of(in.readString()),
                ZoneId::of);
        fixed(
                Schema.Primitive.ZONE_OFFSET,
                ZoneOffset.class,
                0,
                (value, out) -> out.writeZigZag(value.getTotalSeconds()),
                Leaves::readOffset,
                ZoneOffset::of);
        BY_CLASS.put(boolean.class, of(Boolean.class));
        BY_CLASS.put(byte.class, of(Byte.class));
        BY_CLASS.put(short.class, of(Short.class));
        BY_CLASS.put(int.class, I32);
        BY_CLASS.put(long.class, I64);
        BY_CLASS.put(float.class, of(Float.class));
        BY_CLASS.put(double.class, F64);
        BY_CLASS.put(char.class, of(Character.class));
    }

    private Leaves() {}

    /** The codec of a class, where primitive classes stand for their boxes; null if it is not of these kinds. */
    static @Nullable LeafCodec<?> find(Class<?> javaClass) {
        return BY_CLASS.get(javaClass);
    }

    static LeafCodec<?> of(Schema.Primitive kind) {
        for (LeafCodec<?> codec : BY_CLASS.values()) {
            if (codec.schema() == kind) {
                return codec;
            }
        }
        throw new IllegalArgumentException("no codec of " + kind);
    }

    private static LeafCodec<?> of(Class<?> javaClass) {
        LeafCodec<?> codec = find(javaClass);
        if (codec == null) {
            throw new IllegalArgumentException("no codec of " + javaClass);
        }
        return codec;
    }

    private static <T> LeafCodec<T> fixed(
            Schema.Primitive kind,
            Class<T> javaClass,
            int sizeBytes,
            BiConsumer<T, DataWriter> writer,
            Reader<T> reader,
            Function<String, T> parser) {
        return add(new LeafCodec<>(kind, javaClass, sizeBytes, value -> sizeBytes, writer, reader, parser));
    }

    private static <T> LeafCodec<T> sized(
            Schema.Primitive kind,
            Class<T> javaClass,
            ToIntFunction<T> size,
            BiConsumer<T, DataWriter> writer,
            Reader<T> reader,
            Function<String, T> parser) {
        return add(new LeafCodec<>(kind, javaClass, -1, size, writer, reader, parser));
    }

    private static <T> LeafCodec<T> add(LeafCodec<T> codec) {
        BY_CLASS.put(codec.javaClass(), codec);
        return codec;
    }

    private static Boolean parseBoolean(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static Character parseChar(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException(text.length() + " characters instead of one");
        }
        return text.charAt(0);
    }

    private static void writeBytes(byte[] value, DataWriter out) {
        out.writeVarInt(value.length);
        out.writeBytes(value);
    }

    private static void writeUuid(UUID value, DataWriter out) {
        out.writeLong(value.getMostSignificantBits());
        out.writeLong(value.getLeastSignificantBits());
    }

    private static UUID readUuid(DataReader in) {
        long high = in.readLong();
        return new UUID(high, in.readLong());
    }

    private static BigInteger readBigInteger(DataReader in) {
        return new BigInteger(in.readBytes(in.readLength()));
    }

    private static void writeBigDecimal(BigDecimal value, DataWriter out) {
        out.writeZigZag(value.scale());
        writeBytes(value.unscaledValue().toByteArray(), out);
    }

    private static BigDecimal readBigDecimal(DataReader in) {
        int scale = readSmall(in);
        return new BigDecimal(readBigInteger(in), scale);
    }

    private static void writeInstant(Instant value, DataWriter out) {
        out.writeLong(value.getEpochSecond());
        out.writeInt(value.getNano());
    }

    private static Instant readInstant(DataReader in) {
        long seconds = in.readLong();
        return Instant.ofEpochSecond(seconds, in.readInt());
    }

    private static void writeDuration(Duration value, DataWriter out) {
        out.writeLong(value.getSeconds());
        out.writeInt(value.getNano());
    }

    private static void writeLocal(LocalDateTime value, DataWriter out) {
        out.writeZigZag(value.toLocalDate().toEpochDay());
        out.writeVarLong(value.toLocalTime().toNanoOfDay());
    }

    private static LocalDateTime readLocal(DataReader in) {
        LocalDate date = LocalDate.ofEpochDay(in.readZigZag());
        return LocalDateTime.of(date, LocalTime.ofNanoOfDay(in.readVarLong()));
    }

    private static void writeOffsetDateTime(OffsetDateTime value, DataWriter out) {
        writeLocal(value.toLocalDateTime(), out);
        out.writeZigZag(value.getOffset().getTotalSeconds());
    }

    private static ZoneOffset readOffset(DataReader in) {
        return ZoneOffset.ofTotalSeconds(readSmall(in));
    }

    private static void writeZonedDateTime(ZonedDateTime value, DataWriter out) {
        out.writeLong(value.toEpochSecond());
        out.writeInt(value.getNano());
        out.writeString(value.getZone().getId());
    }

    private static void writePeriod(Period value, DataWriter out) {
        out.writeZigZag(value.getYears());
        out.writeZigZag(value.getMonths());
        out.writeZigZag(value.getDays());
    }

    private static void writeYearMonth(YearMonth value, DataWriter out) {
        out.writeZigZag(value.getYear());
        out.writeByte(value.getMonthValue());
    }

    private static int readSmall(DataReader in) {
        return Math.toIntExact(in.readZigZag());
    }
}
