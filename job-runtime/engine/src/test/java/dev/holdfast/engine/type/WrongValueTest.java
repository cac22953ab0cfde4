package dev.holdfast.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Serializer;
import dev.holdfast.api.type.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrongValueTest {
    private static final String NULL =
            " is null. Values and their components are never null; where one may be missing, declare it as Optional.";

    @Test
    void namesThePathToANull() {
        Fixtures.Item item = new Fixtures.Item("a", 1, null);
        refused(Fixtures.Order.class, order(List.of(item), Map.of()), "HF-TYP-002: Order.items[0].price" + NULL);
        refused(
                Fixtures.Order.class,
                order(Arrays.asList(new Fixtures.Item("a", 1, BigDecimal.ONE), null), Map.of()),
                "HF-TYP-002: Order.items[1]" + NULL);
        Map<String, Long> counters = new HashMap<>();
        counters.put("a", null);
        refused(Fixtures.Order.class, order(List.of(), counters), "HF-TYP-002: Order.counters[value]" + NULL);
        refused(Fixtures.Order.class, order(null, Map.of()), "HF-TYP-002: Order.items" + NULL);
        refused(Fixtures.Payment.class, new Fixtures.Card(1, null), "HF-TYP-002: Payment(Card).holder" + NULL);
        refused(
                Fixtures.Customs.class,
                new Fixtures.Customs(null, new Fixtures.Opaque(""), List.of(), 0, ""),
                "HF-TYP-002: Customs.money" + NULL);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                String.class,
                Long.class,
                Integer.class,
                Double.class,
                byte[].class,
                Fixtures.Color.class,
                Fixtures.Order.class,
                Fixtures.Cash.class,
                Fixtures.Payment.class,
                Fixtures.Opaque.class,
                Wide.class
            })
    void refusesANullValue(Class<?> javaClass) {
        refused(javaClass, null, "HF-TYP-002: " + javaClass.getSimpleName() + NULL);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void namesThePathToAValueOfAnotherClass() {
        List<Fixtures.Item> items = (List) List.of("text");
        refused(
                Fixtures.Order.class,
                order(items, Map.of()),
                "HF-TYP-007: Order.items[0] is a java.lang.String where the type says"
                        + " dev.holdfast.engine.type.Fixtures$Item. Look for an unchecked cast on its way.");
    }

    @Test
    void namesThePathToTextWithoutUtf8() {
        refused(
                Fixtures.Item.class,
                new Fixtures.Item("ab\ud800", 1, BigDecimal.ONE),
                "HF-TYP-008: Item.sku is text with half a surrogate pair at char 2 of 3, which has no UTF-8 form. Cut text"
                        + " between code points.");
        refused(
                String.class,
                "\udc00",
                "HF-TYP-008: String is text with half a surrogate pair at char 0 of 1, which has no UTF-8 form. Cut text"
                        + " between code points.");
    }

    @Test
    void refusesValuesThatNestTooDeep() {
        Fixtures.Node node = chain(Codec.MAX_DEPTH);
        assertThat(RoundTripTest.copy(TypeSerializers.of(Type.of(Fixtures.Node.class)), node))
                .isEqualTo(node);
        refused(
                Fixtures.Node.class,
                chain(Codec.MAX_DEPTH + 1),
                "HF-TYP-005: a value of Node nests more than 500 levels deep. Keep long chains as a List; perhaps the value"
                        + " holds itself.");
        List<Fixtures.Tree> children = new ArrayList<>();
        Fixtures.Tree endless = new Fixtures.Tree("a", children, Map.of());
        children.add(endless);
        refused(
                Fixtures.Tree.class,
                endless,
                "HF-TYP-005: a value of Tree nests more than 500 levels deep. Keep long chains as a List; perhaps the value"
                        + " holds itself.");
        assertThat(TypeSerializers.of(Type.of(Fixtures.Tree.class)).sizeBytes(endless))
                .isPositive();
    }

    private static Fixtures.Node chain(int links) {
        Fixtures.Node node = new Fixtures.Node(0, Optional.empty());
        for (int i = 1; i <= links; i++) {
            node = new Fixtures.Node(i, Optional.of(node));
        }
        return node;
    }

    static final class Failing implements Serializer<String> {
        @Override
        public void write(String value, DataWriter out) {
            out.writeLong(1);
            switch (value) {
                case "fails" -> throw new IllegalArgumentException("no such text");
                case "goes back" -> out.clear();
                default -> {}
            }
        }

        @Override
        public String read(DataReader in, int version) {
            return "" + in.readInt();
        }
    }

    @Test
    void namesTheSerializerThatFails() {
        Type<String> type = Type.custom(String.class, "mine", new Failing());
        TypeSerializer<String> serializer = TypeSerializers.of(type);
        DataWriter out = new DataWriter();
        assertThatThrownBy(() -> serializer.write("fails", out))
                .isInstanceOf(HoldfastException.class)
                .hasMessage("HF-TYP-006: the serializer of custom format mine failed to write a java.lang.String:"
                        + " java.lang.IllegalArgumentException: no such text. Correct"
                        + " dev.holdfast.engine.type.WrongValueTest$Failing.");
        assertThatThrownBy(() -> serializer.write("goes back", out))
                .isInstanceOf(HoldfastException.class)
                .hasMessage(
                        "HF-TYP-006: the serializer of custom format mine went back before the bytes of its own value."
                                + " Correct dev.holdfast.engine.type.WrongValueTest$Failing.");
        out.clear();
        serializer.write("reads too little", out);
        assertThatThrownBy(() -> serializer.read(new DataReader(out.toByteArray())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged value before byte 9: the serializer of custom format mine,"
                        + " dev.holdfast.engine.type.WrongValueTest$Failing, made a java.lang.String of 4 of 8 bytes");
    }

    @Test
    void whatTheRecordItselfThrowsIsLeftAlone() {
        record Touchy(String text) {
            @Override
            public String text() {
                throw new IllegalStateException("not today");
            }
        }
        TypeSerializer<Touchy> serializer = TypeSerializers.of(Type.of(Touchy.class));
        assertThatThrownBy(() -> serializer.write(new Touchy("a"), new DataWriter()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not today");
    }

    private static Fixtures.Order order(@Nullable List<Fixtures.Item> items, Map<String, Long> counters) {
        return new Fixtures.Order(
                "o", items, counters, Fixtures.Color.RED, new Fixtures.Cash(), Instant.EPOCH, Optional.empty());
    }

    /** Refused with this text, and nothing is left of the value. */
    private static <T> void refused(Class<T> javaClass, @Nullable Object value, String text) {
        TypeSerializer<T> serializer = TypeSerializers.of(Type.of(javaClass));
        DataWriter out = new DataWriter();
        out.writeInt(1);
        @SuppressWarnings("unchecked")
        T typed = (T) value;
        assertThatThrownBy(() -> serializer.write(typed, out))
                .isInstanceOf(HoldfastException.class)
                .hasMessage(text);
        assertThat(out.size()).isEqualTo(4);
    }
}
