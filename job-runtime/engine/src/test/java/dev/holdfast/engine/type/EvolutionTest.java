package dev.holdfast.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Default;
import dev.holdfast.api.type.SerializedBy;
import dev.holdfast.api.type.Serializer;
import dev.holdfast.api.type.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EvolutionTest {
    private static final String CHANGES =
            " now. Numbers may be widened (i8, i16, i32, i64; f32, f64; i8 or i16 to f32; i8,"
                    + " i16 or i32 to f64), and a value may become Optional; for another type keep the old component and add a new"
                    + " one with a @Default.";

    /** Types as they were. */
    static final class Old {
        record Order(String id, int amount, List<Item> items, Color color, Pay pay) {}

        record Item(String sku, Extra extra, short count) {}

        record Extra(List<Map<String, Optional<Color>>> deep, Pay pay, Fixtures.Node node, Fixtures.Opaque opaque) {}

        enum Color {
            RED,
            GREEN,
            BLUE
        }

        sealed interface Pay {}

        record Cash() implements Pay {}

        record Card(int number) implements Pay {}

        record Bare(String id) {}

        record Tree(int value, List<Tree> children) {}
    }

    /** The same types today. */
    static final class New {
        record Order(
                Color color,
                @Default("EUR") String currency,
                String id,
                long amount,
                Pay pay,
                Optional<String> note,
                List<Item> items) {}

        record Item(String sku, Optional<Integer> count) {}

        enum Color {
            WHITE,
            BLUE,
            GREEN,
            BLACK,
            RED
        }

        sealed interface Pay {}

        record Transfer(String iban) implements Pay {}

        record Card(long number, @Default("0") int limit) implements Pay {}

        record Cash() implements Pay {}

        record Tree(
                long value,
                List<Tree> children,
                @Default("leaf") String name) {}
    }

    @Test
    void readsAValueThroughManyChangesAtOnce() {
        Old.Extra extra = new Old.Extra(
                List.of(Map.of("a", Optional.of(Old.Color.RED))),
                new Old.Card(1),
                new Fixtures.Node(1, Optional.of(new Fixtures.Node(2, Optional.empty()))),
                new Fixtures.Opaque("o"));
        Old.Order old =
                new Old.Order("o1", 5, List.of(new Old.Item("s", extra, (short) 9)), Old.Color.GREEN, new Old.Card(77));
        assertThat(migrated(Type.of(Old.Order.class), old, Type.of(New.Order.class)))
                .isEqualTo(new New.Order(
                        New.Color.GREEN,
                        "EUR",
                        "o1",
                        5L,
                        new New.Card(77L, 0),
                        Optional.empty(),
                        List.of(new New.Item("s", Optional.of(9)))));
        Old.Order empty = new Old.Order("", 0, List.of(), Old.Color.BLUE, new Old.Cash());
        assertThat(migrated(Type.of(Old.Order.class), empty, Type.of(New.Order.class)))
                .isEqualTo(new New.Order(New.Color.BLUE, "EUR", "", 0L, new New.Cash(), Optional.empty(), List.of()));
    }

    /** Alike in all but their order. */
    static final class Turned {
        record Point(int x, int y) {}

        sealed interface Move {}

        record Left(int steps) implements Move {}

        record Right(int steps) implements Move {}
    }

    /** As {@link Turned}, the other way round. */
    static final class TurnedBack {
        record Point(int y, int x) {}

        sealed interface Move {}

        record Right(int steps) implements Move {}

        record Left(int steps) implements Move {}
    }

    @Test
    void partsOfTheSameTypeAreToldApartByName() {
        assertThat(migrated(Type.of(Turned.Point.class), new Turned.Point(1, 2), Type.of(TurnedBack.Point.class)))
                .isEqualTo(new TurnedBack.Point(2, 1));
        assertThat(migrated(Type.of(Turned.Move.class), new Turned.Left(3), Type.of(TurnedBack.Move.class)))
                .isEqualTo(new TurnedBack.Left(3));
        assertThat(Evolution.checkKey(
                        "s",
                        TypeSerializers.of(Type.of(Turned.Move.class)).schema(),
                        TypeSerializers.of(Type.of(TurnedBack.Move.class))))
                .isPresent();
    }

    @Test
    void readsRecursiveTypesThatChanged() {
        Old.Tree old = new Old.Tree(1, List.of(new Old.Tree(2, List.of()), new Old.Tree(3, List.of())));
        assertThat(migrated(Type.of(Old.Tree.class), old, Type.of(New.Tree.class)))
                .isEqualTo(new New.Tree(
                        1, List.of(new New.Tree(2, List.of(), "leaf"), new New.Tree(3, List.of(), "leaf")), "leaf"));
    }

    @Test
    void everyKindOfDefaultIsTaken() {
        record Defaults(String id) {}
        assertThat(migrated(Type.of(Defaults.class), new Defaults("x"), Type.of(Fixtures.Defaults.class)))
                .isEqualTo(new Fixtures.Defaults(
                        7,
                        -3L,
                        true,
                        "none",
                        Fixtures.Color.BLUE,
                        new BigDecimal("1.50"),
                        Duration.ofSeconds(5),
                        LocalDate.of(2024, 2, 29),
                        'x',
                        Optional.of(9),
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        Set.of(),
                        OptionalLong.empty()));
    }

    @ParameterizedTest
    @MethodSource("dev.holdfast.engine.type.RoundTripTest#types")
    void theSameSchemaIsReadByTheSerializerItself(Type<?> type) {
        TypeSerializer<?> serializer = TypeSerializers.of(type);
        Schema written = Schema.decode(serializer.schema().encode());
        assertThat(Evolution.check("s", written, serializer)).isEmpty();
        assertThat(Evolution.checkKey("s", written, serializer)).isEmpty();
    }

    @Test
    void namesOfRecordsAndDefaultsDoNotMatter() {
        record Total(@Default("0") int amount) {}
        record Sum(int amount) {}
        assertThat(migrated(Type.of(Sum.class), new Sum(3), Type.of(Total.class)))
                .isEqualTo(new Total(3));
        assertThat(Evolution.checkKey(
                        "s", TypeSerializers.of(Type.of(Sum.class)).schema(), TypeSerializers.of(Type.of(Total.class))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Byte, Short, -7",
        "Byte, Integer, -7",
        "Byte, Long, -7",
        "Short, Integer, -700",
        "Short, Long, -700",
        "Integer, Long, -2147483648",
        "Float, Double, 0.1",
        "Byte, Float, -128",
        "Short, Float, 32767",
        "Byte, Double, 127",
        "Short, Double, -32768",
        "Integer, Double, 2147483647"
    })
    void widensNumbers(String from, String to, String value) throws ReflectiveOperationException {
        widened(number(from), number(to), value);
    }

    private static <F, T> void widened(Class<F> from, Class<T> to, String value) throws ReflectiveOperationException {
        F old = from.cast(from.getMethod("valueOf", String.class).invoke(null, value));
        T read = migrated(Type.of(from), old, Type.of(to));
        assertThat(new BigDecimal(old.toString()).doubleValue()).isEqualTo(Double.parseDouble(value));
        assertThat(((Number) read).doubleValue()).isEqualTo(((Number) old).doubleValue());
        assertThat(to.isInstance(read)).isTrue();
        assertThat(migrated(Type.list(from), List.of(old), Type.list(to))).containsExactly(read);
        assertThat(migrated(Type.of(from), old, Type.optional(to))).contains(read);
    }

    @ParameterizedTest
    @CsvSource({
        "Short, Byte", "Integer, Byte", "Integer, Short", "Long, Integer", "Long, Byte", "Double, Float",
        "Integer, Float", "Long, Float", "Long, Double", "Float, Integer", "Double, Long", "Float, Long"
    })
    void refusesChangesOfNumbersThatLose(String from, String to) {
        Schema written = TypeSerializers.of(Type.of(number(from))).schema();
        TypeSerializer<?> current = TypeSerializers.of(Type.of(number(to)));
        refused(written, current, to + " was written as " + written + " and is " + current.schema() + CHANGES);
    }

    private static Class<?> number(String name) {
        return switch (name) {
            case "Byte" -> Byte.class;
            case "Short" -> Short.class;
            case "Integer" -> Integer.class;
            case "Long" -> Long.class;
            case "Float" -> Float.class;
            default -> Double.class;
        };
    }

    @Test
    void aValueBecomesOptional() {
        assertThat(migrated(Type.of(String.class), "a", Type.optional(String.class)))
                .contains("a");
        record Plain(int number) {}
        record Wrapped(OptionalInt number) {}
        record Long8(OptionalLong number) {}
        assertThat(migrated(Type.of(Plain.class), new Plain(4), Type.of(Wrapped.class)))
                .isEqualTo(new Wrapped(OptionalInt.of(4)));
        assertThat(migrated(Type.of(Plain.class), new Plain(4), Type.of(Long8.class)))
                .isEqualTo(new Long8(OptionalLong.of(4)));
        assertThat(migrated(Type.of(Wrapped.class), new Wrapped(OptionalInt.empty()), Type.of(Long8.class)))
                .isEqualTo(new Long8(OptionalLong.empty()));
        refused(
                TypeSerializers.of(Type.optional(String.class)).schema(),
                TypeSerializers.of(Type.of(String.class)),
                "String was written as optional<string> and is string" + CHANGES);
    }

    @Test
    void namesThePathTheOldAndTheNewType() {
        record Item(String price) {}
        record Order(List<Item> items) {}
        Schema written = new Schema.Record(
                "Order",
                List.of(new Schema.Field(
                        "items",
                        new Schema.ListOf(new Schema.Record(
                                "Item", List.of(new Schema.Field("price", Schema.Primitive.I64, false)))),
                        true)));
        refused(
                written,
                TypeSerializers.of(Type.of(Order.class)),
                "Order.items[element].price was written as i64 and is string" + CHANGES);
    }

    @Test
    void refusesANewComponentWithoutDefault() {
        record Bare(String id, long total) {}
        refused(
                TypeSerializers.of(Type.of(Old.Bare.class)).schema(),
                TypeSerializers.of(Type.of(Bare.class)),
                "Bare.total is new, of type i64, and has no default, so values written before it existed cannot be read."
                        + " Give it a @Default or make it Optional.");
    }

    @Test
    void asksForTheOldNameOfARenamedComponent() {
        record Bare(String name) {}
        refused(
                TypeSerializers.of(Type.of(Old.Bare.class)).schema(),
                TypeSerializers.of(Type.of(Bare.class)),
                "Bare.name is new, of type string, and has no default, so values written before it existed cannot be"
                        + " read. Give it a @Default or make it Optional; if it is a new name for id, keep the old name.");
    }

    @Test
    void refusesConstantsThatAreGone() {
        enum Color {
            RED,
            BLUE
        }
        refused(
                TypeSerializers.of(Type.list(Old.Color.class)).schema(),
                TypeSerializers.of(Type.list(Color.class)),
                "list[element]: constant GREEN of Color is gone from " + Color.class.getTypeName()
                        + ", but may be stored. Keep it under this name.");
    }

    static final class Fewer {
        sealed interface Pay {}

        record Card(int number) implements Pay {}
    }

    @Test
    void refusesCasesThatAreGone() {
        refused(
                TypeSerializers.of(Type.of(Old.Pay.class)).schema(),
                TypeSerializers.of(Type.of(Fewer.Pay.class)),
                "Pay: case Cash of Pay is gone from dev.holdfast.engine.type.EvolutionTest$Fewer$Pay, but values of it may"
                        + " be stored. Keep it under this name.");
    }

    record Narrow(String id) {}

    record Wide(String id, int more) {}

    record Wider(String id, long more) {}

    @Test
    void noComponentGoesInsideSetsAndKeysOfMaps() {
        String reason =
                "[element].more is gone, but set[element] lies in a set or in the key of a map: entries that differ"
                        + " in it only would become one. Keep it.";
        refused(
                TypeSerializers.of(Type.set(Wide.class)).schema(),
                TypeSerializers.of(Type.set(Narrow.class)),
                "set" + reason);
        refused(
                TypeSerializers.of(Type.map(Wide.class, String.class)).schema(),
                TypeSerializers.of(Type.map(Narrow.class, String.class)),
                "map" + reason.replace("[element]", "[key]").replace("set[", "map["));
        assertThat(migrated(
                        Type.map(String.class, Wide.class),
                        Map.of("a", new Wide("b", 1)),
                        Type.map(String.class, Narrow.class)))
                .isEqualTo(Map.of("a", new Narrow("b")));
        assertThat(migrated(Type.set(Wide.class), Set.of(new Wide("b", 1)), Type.set(Wider.class)))
                .isEqualTo(Set.of(new Wider("b", 1)));
        assertThat(migrated(
                        Type.list(Wide.class), List.of(new Wide("b", 1), new Wide("b", 2)), Type.list(Narrow.class)))
                .isEqualTo(List.of(new Narrow("b"), new Narrow("b")));
    }

    /** Version 2 has a currency as well. */
    static final class MoneyV2 implements Serializer<String> {
        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(String value, DataWriter out) {
            out.writeString(value);
        }

        @Override
        public String read(DataReader in, int version) {
            return version == 1 ? in.readZigZag() + " EUR" : in.readString();
        }
    }

    @Test
    void customFormatsReadTheirOlderVersions() {
        Type<Fixtures.Money> old = Type.custom(Fixtures.Money.class, "money", new Fixtures.MoneySerializer());
        Type<String> current = Type.custom(String.class, "money", new MoneyV2());
        assertThat(migrated(old, new Fixtures.Money(150), current)).isEqualTo("150 EUR");
        refused(
                TypeSerializers.of(current).schema(),
                TypeSerializers.of(old),
                "Money was written by version 2 of custom format money; dev.holdfast.engine.type.Fixtures$MoneySerializer"
                        + " has version 1 and cannot read newer ones. Run a program that has version 2 or a later one.");
        refused(
                TypeSerializers.of(old).schema(),
                TypeSerializers.of(Type.custom(String.class, "cash", new MoneyV2())),
                "String was written as custom money v1 and is custom cash v2" + CHANGES);
    }

    record WithCustom(
            @SerializedBy(value = MoneyV2.class, name = "money")
            String money,

            String after) {}

    @Test
    void readsOverCustomFormatsThatAreGone() {
        record After(String after) {}
        assertThat(migrated(Type.of(WithCustom.class), new WithCustom("x".repeat(300), "end"), Type.of(After.class)))
                .isEqualTo(new After("end"));
    }

    @Test
    void readsOverEveryKind() {
        record Nothing(@Default("none") String only) {}
        for (Class<?> javaClass : List.of(
                Fixtures.Numbers.class,
                Fixtures.Texts.class,
                Fixtures.Times.class,
                Fixtures.Collections.class,
                Fixtures.Tree.class,
                Fixtures.Customs.class,
                Fixtures.Generic.class,
                Wide.class)) {
            readsOver(javaClass, Type.of(Nothing.class), new Nothing("none"));
        }
    }

    record Holder(String before, Fixtures.Node chain, Fixtures.Tree tree, String after) {}

    record Held(String before, String after) {}

    @Test
    void readsOverTheDeepestValues() {
        Fixtures.Node chain = new Fixtures.Node(0, Optional.empty());
        Fixtures.Tree tree = new Fixtures.Tree("leaf", List.of(), Map.of());
        for (int i = 0; i < Codec.MAX_DEPTH; i++) {
            chain = new Fixtures.Node(i, Optional.of(chain));
            tree = new Fixtures.Tree("", List.of(), Map.of("child", tree));
        }
        assertThat(migrated(Type.of(Holder.class), new Holder("a", chain, tree, "b"), Type.of(Held.class)))
                .isEqualTo(new Held("a", "b"));
    }

    private static <F, T> void readsOver(Class<F> written, Type<T> current, T expected) {
        Derived<F> serializer = (Derived<F>) TypeSerializers.of(Type.of(written));
        RandomValues values = new RandomValues(Seeds.random(EvolutionTest.class));
        for (int i = 0; i < 50; i++) {
            F value = written.cast(values.of(serializer.shape()));
            assertThat(migrated(Type.of(written), value, current)).isEqualTo(expected);
        }
    }

    @Test
    void tellsAllProblemsAtOnce() {
        record Bare(int id, long total) {}
        assertThat(Evolution.check(
                        "orders",
                        TypeSerializers.of(Type.of(Old.Bare.class)).schema(),
                        TypeSerializers.of(Type.of(Bare.class))))
                .hasValue("HF-TYP-010: state orders: Bare.id was written as string and is i32" + CHANGES
                        + "\nBare.total is new, of type i64, and has no default, so values written before it existed"
                        + " cannot be read. Give it a @Default or make it Optional.");
    }

    @Test
    void keysKeepTheirType() {
        Schema written = TypeSerializers.of(Type.of(Wide.class)).schema();
        assertThat(Evolution.checkKey("counts", written, TypeSerializers.ofKey(Type.of(Wide.class))))
                .isEmpty();
        assertThat(Evolution.checkKey("counts", written, TypeSerializers.ofKey(Type.of(Wider.class))))
                .hasValue("HF-TYP-011: the key of state counts was written as record Wide(id: string, more: i32) and is"
                        + " record Wider(id: string, more: i64) now. Keys never change their type: their bytes decide where"
                        + " an entry lies. Keep the old type of key, or give the operator another name and let it start"
                        + " empty.");
        assertThat(Evolution.checkKey(
                        "counts",
                        TypeSerializers.of(Type.of(Old.Color.class)).schema(),
                        TypeSerializers.ofKey(Type.of(New.Color.class))))
                .isPresent();
    }

    @Test
    void damagedBytesOfAnOlderSchemaAreAValueOrAnError() {
        Derived<Old.Order> old = (Derived<Old.Order>) TypeSerializers.of(Type.of(Old.Order.class));
        Reader<New.Order> reader = Evolution.reader(old.schema(), TypeSerializers.of(Type.of(New.Order.class)));
        var random = Seeds.random(EvolutionTest.class);
        RandomValues values = new RandomValues(random);
        for (int i = 0; i < 3000; i++) {
            DataWriter out = new DataWriter();
            old.write((Old.Order) values.of(old.shape()), out);
            byte[] bytes = out.toByteArray();
            assertThat(reader.read(new DataReader(bytes))).isNotNull();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                reader.read(new DataReader(bytes));
            } catch (IllegalStateException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private static <F, T> T migrated(Type<F> from, F value, Type<T> to) {
        TypeSerializer<F> old = TypeSerializers.of(from);
        TypeSerializer<T> current = TypeSerializers.of(to);
        Schema written = Schema.decode(old.schema().encode());
        assertThat(Evolution.check("s", written, current)).isEmpty();
        DataWriter out = new DataWriter();
        old.write(value, out);
        DataReader in = new DataReader(out.toByteArray());
        T read = Evolution.reader(written, current).read(in);
        assertThat(in.remaining()).isZero();
        return read;
    }

    private static void refused(Schema written, TypeSerializer<?> current, String text) {
        assertThat(Evolution.check("counts", written, current)).hasValue("HF-TYP-010: state counts: " + text);
        assertThatThrownBy(() -> Evolution.reader(written, current))
                .isInstanceOf(HoldfastException.class)
                .hasMessage("HF-TYP-010: " + text);
    }
}
