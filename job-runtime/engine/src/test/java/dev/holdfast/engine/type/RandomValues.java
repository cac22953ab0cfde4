package dev.holdfast.engine.type;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Makes random values of any shape, with a liking for the edges of each kind. */
final class RandomValues {
    private static final List<String> ZONES =
            List.of("UTC", "Europe/Berlin", "America/New_York", "+05:30", "UTC+01:00");

    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    Object of(Shape shape) {
        return of(shape, 0);
    }

    private Object of(Shape shape, int depth) {
        return switch (shape) {
            case Shape.Leaf(LeafCodec<?> codec) -> leaf(codec.schema());
            case Shape.Enumeration enumeration ->
                enumeration
                        .constants()
                        .get(random.nextInt(enumeration.constants().size()));
            case Shape.ListOf(Shape element) -> {
                List<Object> list = new ArrayList<>();
                for (int i = count(depth); i > 0; i--) {
                    list.add(of(element, depth + 1));
                }
                yield list;
            }
            case Shape.SetOf(Shape element) -> {
                Set<Object> set = new LinkedHashSet<>();
                for (int i = count(depth); i > 0; i--) {
                    set.add(of(element, depth + 1));
                }
                yield set;
            }
            case Shape.MapOf(Shape key, Shape value) -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int i = count(depth); i > 0; i--) {
                    map.put(of(key, depth + 1), of(value, depth + 1));
                }
                yield map;
            }
            case Shape.OptionalOf(Class<?> javaClass, Shape element) -> optional(javaClass, element, depth);
            case Shape.Custom custom -> custom(custom);
            case Shape.Record record -> record(record, depth);
            case Shape.Sealed sealed -> {
                List<Shape> cases = sealed.cases();
                yield of(depth > 8 ? cases.getFirst() : cases.get(random.nextInt(cases.size())), depth + 1);
            }
        };
    }

    private Object record(Shape.Record record, int depth) {
        Object[] arguments = record.components().stream()
                .map(component -> of(component.shape(), depth + 1))
                .toArray();
        try {
            return record.constructor().newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object optional(Class<?> javaClass, Shape element, int depth) {
        boolean present = count(depth) > 0;
        if (javaClass == OptionalInt.class) {
            return present ? OptionalInt.of(random.nextInt()) : OptionalInt.empty();
        } else if (javaClass == OptionalLong.class) {
            return present ? OptionalLong.of(random.nextLong()) : OptionalLong.empty();
        } else if (javaClass == OptionalDouble.class) {
            return present ? OptionalDouble.of(random.nextDouble()) : OptionalDouble.empty();
        }
        return present ? Optional.of(of(element, depth + 1)) : Optional.empty();
    }

    private Object custom(Shape.Custom custom) {
        if (custom.javaClass() == Fixtures.Money.class) {
            return new Fixtures.Money(random.nextLong() >> random.nextInt(64));
        } else if (custom.javaClass() == Fixtures.Opaque.class) {
            return new Fixtures.Opaque(string());
        }
        return random.nextInt(10) == 0 ? 16_000 + random.nextInt(1000) : random.nextInt(300);
    }

    private int count(int depth) {
        if (depth > 6) {
            return 0;
        }
        return depth == 1 && random.nextInt(200) == 0 ? 2000 : random.nextInt(4);
    }

    private Object leaf(Schema.Primitive kind) {
        return switch (kind) {
            case BOOL -> random.nextBoolean();
            case I8 -> (byte) number();
            case I16 -> (short) number();
            case I32 -> (int) number();
            case I64 -> number();
            case F32 -> Float.intBitsToFloat(canonical(random.nextInt()));
            case F64 -> floating();
            case CHAR -> (char) random.nextInt(0x10000);
            case STRING -> string();
            case BYTES -> bytes();
            case UUID -> new UUID(random.nextLong(), random.nextLong());
            case BIG_INTEGER -> new BigInteger(random.nextInt(200), random).subtract(BigInteger.valueOf(number()));
            case BIG_DECIMAL -> new BigDecimal(new BigInteger(random.nextInt(200), random), (int) number());
            case INSTANT -> instant();
            case DURATION -> Duration.ofSeconds(number(), random.nextInt(1_000_000_000));
            case LOCAL_DATE -> date();
            case LOCAL_TIME -> time();
            case LOCAL_DATE_TIME -> LocalDateTime.of(date(), time());
            case OFFSET_DATE_TIME -> OffsetDateTime.of(LocalDateTime.of(date(), time()), offset());
            case ZONED_DATE_TIME -> ZonedDateTime.ofInstant(instant(), zone());
            case PERIOD -> Period.of((int) number(), (int) number(), (int) number());
            case YEAR -> Year.of(random.nextInt(2_000_000) - 1_000_000);
            case YEAR_MONTH -> YearMonth.of(random.nextInt(2_000_000) - 1_000_000, 1 + random.nextInt(12));
            case ZONE_ID -> zone();
            case ZONE_OFFSET -> offset();
        };
    }

    private long number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(5) - 2;
            case 1 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    private static int canonical(int floatBits) {
        return Float.floatToIntBits(Float.intBitsToFloat(floatBits));
    }

    private double floating() {
        double[] edges = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, -Double.MAX_VALUE};
        return random.nextInt(3) == 0 ? edges[random.nextInt(edges.length)] : random.nextGaussian();
    }

    private String string() {
        int[] limits = {0x7F, 0x7FF, 0xD7FF, 0x10FFFF};
        int limit = limits[random.nextInt(limits.length)];
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 400 : 20); i > 0; i--) {
            int point = random.nextInt(limit + 1);
            text.appendCodePoint(Character.isBmpCodePoint(point) && Character.isSurrogate((char) point) ? 'x' : point);
        }
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private Instant instant() {
        long bound = Instant.parse("9000-01-01T00:00:00Z").getEpochSecond();
        return Instant.ofEpochSecond(random.nextLong(-bound, bound), random.nextInt(1_000_000_000));
    }

    private LocalDate date() {
        return LocalDate.ofEpochDay(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(30_000));
    }

    private LocalTime time() {
        return LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
    }

    private ZoneId zone() {
        return ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    }

    private ZoneOffset offset() {
        return ZoneOffset.ofTotalSeconds(random.nextInt(2 * 64800 + 1) - 64800);
    }
}
