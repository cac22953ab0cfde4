package dev.holdfast.engine.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {
    private static final int VALUES = 300;

    /** Equal arrays are not equal to Java: of these the bytes are compared. */
    private static final Set<Type<?>> HOLD_ARRAYS = Set.of(Type.of(byte[].class), Type.of(Fixtures.Texts.class));

    static Stream<Type<?>> types() {
        return Stream.of(
                Type.of(String.class),
                Type.of(Long.class),
                Type.of(long.class),
                Type.of(Integer.class),
                Type.of(Double.class),
                Type.of(byte[].class),
                Type.of(Fixtures.Color.class),
                Type.of(Fixtures.Numbers.class),
                Type.of(Fixtures.Boxes.class),
                Type.of(Fixtures.Texts.class),
                Type.of(Fixtures.Times.class),
                Type.of(Fixtures.Collections.class),
                Type.of(Fixtures.Payment.class),
                Type.of(Fixtures.Cash.class),
                Type.of(Fixtures.Generic.class),
                Type.of(Fixtures.Node.class),
                Type.of(Fixtures.Tree.class),
                Type.of(Fixtures.Expression.class),
                Type.of(Fixtures.Sum.class),
                Type.of(Fixtures.Customs.class),
                Type.of(Fixtures.Defaults.class),
                Type.of(Fixtures.Order.class),
                Type.of(Fixtures.Event.class),
                Type.list(Fixtures.Order.class),
                Type.list(Fixtures.Cash.class),
                Type.set(Fixtures.Color.class),
                Type.map(Type.of(String.class), Type.list(Type.optional(Fixtures.Node.class))),
                Type.optional(Fixtures.Payment.class),
                Type.custom(Fixtures.Money.class, "money", new Fixtures.MoneySerializer()));
    }

    @ParameterizedTest
    @MethodSource("types")
    void readsWhatItWrote(Type<?> type) {
        roundTrips(type, Seeds.random(RoundTripTest.class));
    }

    private static <T> void roundTrips(Type<T> type, Random random) {
        Derived<T> serializer = (Derived<T>) TypeSerializers.of(type);
        RandomValues values = new RandomValues(random);
        DataWriter out = new DataWriter();
        for (int i = 0; i < VALUES; i++) {
            @SuppressWarnings("unchecked")
            T value = (T) values.of(serializer.shape());
            out.clear();
            out.writeInt(42); // a value need not start at 0, nor end where the bytes end
            serializer.write(value, out);
            int end = out.size();
            out.writeInt(43);
            DataReader in = new DataReader(out.toByteArray(), 4, out.size() - 4);
            T read = serializer.read(in);
            assertThat(in.position()).isEqualTo(end);
            assertThat(end).as("at least one byte").isGreaterThan(4);
            assertThat(serializer.sizeBytes(value)).isNotNegative();
            DataWriter again = new DataWriter();
            serializer.write(read, again);
            assertThat(again.toByteArray()).isEqualTo(new DataReader(out.array(), 4, end - 4).readBytes(end - 4));
            if (!HOLD_ARRAYS.contains(type)) {
                assertThat(read).isEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void generatedAndReflectiveCodecsAgree(Type<?> type) {
        Derived<?> serializer = (Derived<?>) TypeSerializers.of(type);
        Shape shape = serializer.shape();
        Codec<Object> generated = serializer.codecs().of(shape);
        Codec<Object> reflective = new Codecs(ReflectiveRecord::new).of(shape);
        RandomValues values = new RandomValues(Seeds.random(RoundTripTest.class));
        for (int i = 0; i < VALUES; i++) {
            Object value = values.of(shape);
            DataWriter one = new DataWriter();
            generated.write(value, one, 0);
            DataWriter other = new DataWriter();
            reflective.write(value, other, 0);
            assertThat(one.toByteArray()).isEqualTo(other.toByteArray());
            assertThat(generated.sizeBytes(value, 0)).isEqualTo(reflective.sizeBytes(value, 0));
            Object read = reflective.read(new DataReader(one.toByteArray()), 0);
            if (!HOLD_ARRAYS.contains(type)) {
                assertThat(read).isEqualTo(value);
                assertThat(generated.read(new DataReader(one.toByteArray()), 0)).isEqualTo(read);
            }
        }
    }

    private record Private(String text, Nested nested, List<Nested> more) {
        private record Nested(int number) {}
    }

    @Test
    void reachesPrivateNestedRecords() {
        TypeSerializer<Private> serializer = TypeSerializers.of(Type.of(Private.class));
        Private value = new Private("a", new Private.Nested(1), List.of(new Private.Nested(2)));
        assertThat(copy(serializer, value)).isEqualTo(value);
    }

    @Test
    void reachesLocalRecords() {
        record Local(String text, Optional<Local> next) {}
        Local value = new Local("a", Optional.of(new Local("b", Optional.empty())));
        assertThat(copy(TypeSerializers.of(Type.of(Local.class)), value)).isEqualTo(value);
    }

    @Test
    void runsConstructorsAndAccessorsOfTheRecord() {
        record Trimmed(String text) {
            Trimmed {
                text = text.strip();
            }
        }
        Trimmed value = new Trimmed(" a ");
        assertThat(copy(TypeSerializers.of(Type.of(Trimmed.class)), value)).isEqualTo(new Trimmed("a"));
    }

    @Test
    void collectionsKeepTheirOrderAndCannotBeChanged() {
        TypeSerializer<List<Integer>> lists = TypeSerializers.of(Type.list(Integer.class));
        List<Integer> read = copy(lists, List.of(3, 1, 2));
        assertThat(read).containsExactly(3, 1, 2).isUnmodifiable();
        var sets = TypeSerializers.of(Type.set(Integer.class));
        assertThat(copy(sets, new LinkedHashSet<>(List.of(900, 1, 20)))).containsExactly(900, 1, 20);
        var maps = TypeSerializers.of(Type.map(String.class, Integer.class));
        var map = new LinkedHashMap<String, Integer>();
        map.put("z", 1);
        map.put("a", 2);
        assertThat(copy(maps, map).keySet()).containsExactly("z", "a");
    }

    @Test
    void derivesAClassOnce() {
        assertThat(TypeSerializers.of(Type.of(Fixtures.Order.class)))
                .isSameAs(TypeSerializers.of(Type.of(Fixtures.Order.class)));
        Derived<?> list = (Derived<?>) TypeSerializers.of(Type.list(Fixtures.Order.class));
        Derived<?> order = (Derived<?>) TypeSerializers.of(Type.of(Fixtures.Order.class));
        assertThat(list.codecs().of(order.shape())).isSameAs(order.codecs().of(order.shape()));
    }

    @Test
    void recordsOfManyFieldsWork() {
        Wide value = Wide.numbered();
        Wide read = copy(TypeSerializers.of(Type.of(Wide.class)), value);
        assertThat(read).isEqualTo(value);
        Derived<Wide> serializer = (Derived<Wide>) TypeSerializers.of(Type.of(Wide.class));
        assertThat(serializer.codecs().of(serializer.shape())).isInstanceOf(ReflectiveRecord.class);
    }

    static <T> T copy(TypeSerializer<T> serializer, T value) {
        DataWriter out = new DataWriter();
        serializer.write(value, out);
        return serializer.read(new DataReader(out.toByteArray()));
    }
}
