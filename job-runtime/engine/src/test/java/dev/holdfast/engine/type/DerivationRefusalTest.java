package dev.holdfast.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Default;
import dev.holdfast.api.type.SerializedBy;
import dev.holdfast.api.type.Serializer;
import dev.holdfast.api.type.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DerivationRefusalTest {
    private static final String OWN_SERIALIZER =
            " Or choose a serializer of your own: @SerializedBy on the component or"
                    + " the class, or Type.custom where the program names the type.";
    private static final String HERE = "dev.holdfast.engine.type.DerivationRefusalTest$";

    record Order(List<Item> items) {}

    record Item(Object price) {}

    @Test
    void namesThePathToAnObject() {
        refused(
                Type.of(Order.class),
                "HF-TYP-001: Order.items[element].price: java.lang.Object says nothing about its values. Declare the"
                        + " class that they have." + OWN_SERIALIZER);
    }

    record Deep(Map<String, Optional<Set<List<Thread>>>> threads) {}

    @Test
    void namesThePathThroughCollections() {
        refused(
                Type.of(Deep.class),
                "HF-TYP-001: Deep.threads[value][value][element][element]: java.lang.Thread is neither a record, a sealed"
                        + " interface, an enum nor of a built-in type. Make it a record." + OWN_SERIALIZER);
    }

    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(StringBuilder side) implements Shape {}

    @Test
    void namesThePathThroughCases() {
        refused(
                Type.of(Shape.class),
                "HF-TYP-001: Shape(Square).side: java.lang.StringBuilder is neither a record, a sealed interface, an enum"
                        + " nor of a built-in type. Make it a record." + OWN_SERIALIZER);
    }

    record Concrete(ArrayList<String> names) {}

    @Test
    void asksForTheInterfaceOfACollection() {
        refused(
                Type.of(Concrete.class),
                "HF-TYP-001: Concrete.names: java.util.ArrayList<java.lang.String> is a collection other than List, Set"
                        + " and Map. Declare it as one of these three." + OWN_SERIALIZER);
    }

    record Arrays(int[] numbers) {}

    @Test
    void refusesArraysOtherThanOfBytes() {
        refused(
                Type.of(Arrays.class),
                "HF-TYP-001: Arrays.numbers: int[] is an array; of arrays only byte[] is derived. Use a List."
                        + OWN_SERIALIZER);
    }

    interface Open {}

    record OpenHolder(Open open) {}

    @Test
    void refusesInterfacesThatAreNotSealed() {
        refused(
                Type.of(OpenHolder.class),
                "HF-TYP-001: OpenHolder.open: " + HERE
                        + "Open is an interface that is not sealed, so its implementations" + " are not known. Seal it."
                        + OWN_SERIALIZER);
    }

    sealed interface Half permits Known, Unknown {}

    record Known() implements Half {}

    non-sealed interface Unknown extends Half {}

    @Test
    void refusesSealedInterfacesWithAnOpenEnd() {
        refused(
                Type.of(Half.class),
                "HF-TYP-001: Half(Unknown): " + HERE
                        + "Unknown is a case of a sealed interface but neither a record, an"
                        + " enum nor a sealed interface. Make it one of these.");
    }

    static final class One {
        record Same() implements Doubled {}
    }

    static final class Two {
        record Same() implements Doubled {}
    }

    sealed interface Doubled permits One.Same, Two.Same {}

    @Test
    void refusesCasesOfTheSameName() {
        refused(
                Type.of(Doubled.class),
                "HF-TYP-001: Doubled: " + HERE + "Doubled has two cases named Same: " + HERE + "One$Same and " + HERE
                        + "Two$Same. The simple name is the identity of a case; give them different ones.");
    }

    @SuppressWarnings("rawtypes")
    record Raw(List names) {}

    @Test
    void refusesRawCollections() {
        String rest =
                " does not say what it holds. Declare it as List<...> with type arguments; where a program names a"
                        + " type, use Type.list, Type.set, Type.map or Type.optional.";
        refused(Type.of(Raw.class), "HF-TYP-001: Raw.names: java.util.List" + rest);
        refused(Type.of(List.class), "HF-TYP-001: List: java.util.List" + rest);
    }

    record Box<T>(T content) {}

    @Test
    void refusesClassesWithUnknownTypeArguments() {
        refused(
                Type.of(Box.class),
                "HF-TYP-001: Box.content: T has an unknown type argument T. Name a class without type parameters, or one"
                        + " whose arguments are spelled out where it is a component.");
    }

    record Endless(int value, Endless next) {}

    @Test
    void refusesRecordsThatAlwaysHoldThemselves() {
        refused(
                Type.of(Endless.class),
                "HF-TYP-001: Endless: every value of " + HERE
                        + "Endless holds another Endless, so none can exist. Make a"
                        + " component on the way Optional or a List.");
    }

    record Growing<T>(Optional<Growing<List<T>>> next) {}

    record Grown(Growing<String> start) {}

    @Test
    void refusesTypesThatGrowWithoutEnd() {
        assertThat(refusal(Type.of(Grown.class)).getMessage())
                .startsWith("HF-TYP-001: Grown.start.next[value].next[value].")
                .endsWith(" nests more than 100 levels deep. A recursive type must refer to itself with the same type"
                        + " arguments.");
    }

    record Keyed(Map<byte[], String> byBytes) {}

    @Test
    void refusesArraysWhereEqualityCounts() {
        refused(
                Type.of(Keyed.class),
                "HF-TYP-001: Keyed.byBytes[key]: byte[] cannot be in a set or a key of a map: equal arrays are not equal"
                        + " to Java. Use a record, a string or a list.");
        refused(
                Type.set(byte[].class),
                "HF-TYP-001: set[element]: byte[] cannot be in a set or a key of a map: equal arrays are not equal to"
                        + " Java. Use a record, a string or a list.");
    }

    record BadNumber(@Default("many") int count) {}

    record BadColor(@Default("PINK") Fixtures.Color color) {}

    record BadDefault(@Default("x") List<String> list) {}

    record BadTime(@Default("today") java.time.LocalDate day) {}

    @Test
    void refusesDefaultsThatStandForNoValue() {
        refused(
                Type.of(BadNumber.class),
                "HF-TYP-004: BadNumber.count: @Default(\"many\") does not stand for a value of the component; expected i32"
                        + " (For input string: \"many\"). Correct the text.");
        refused(
                Type.of(BadColor.class),
                "HF-TYP-004: BadColor.color: @Default(\"PINK\") does not stand for a value of the component; expected one"
                        + " of RED, GREEN, BLUE. Correct the text.");
        refused(
                Type.of(BadTime.class),
                "HF-TYP-004: BadTime.day: @Default(\"today\") does not stand for a value of the component; expected"
                        + " localDate (Text 'today' could not be parsed at index 0). Correct the text.");
        refused(
                Type.of(BadDefault.class),
                "HF-TYP-004: BadDefault.list: a component of type java.util.List cannot have a @Default. Make it Optional,"
                        + " which is empty by default; lists, sets and maps are empty without the annotation.");
    }

    static final class NeedsArgument implements Serializer<String> {
        NeedsArgument(int argument) {
            assertThat(argument).isZero();
        }

        @Override
        public void write(String value, DataWriter out) {
            out.writeString(value);
        }

        @Override
        public String read(DataReader in, int version) {
            return in.readString();
        }
    }

    record Unmade(
            @SerializedBy(value = NeedsArgument.class, name = "x")
            String text) {}

    @Test
    void refusesSerializersThatCannotBeMade() {
        refused(
                Type.of(Unmade.class),
                "HF-TYP-006: Unmade.text: no serializer can be made from " + HERE
                        + "NeedsArgument. It needs to be a static"
                        + " or top-level class with a public no-argument constructor that does not fail.");
    }

    record Numbered(
            @SerializedBy(value = Fixtures.MoneySerializer.class, name = "money")
            String text) {}

    @Test
    void refusesSerializersOfAnotherClass() {
        refused(
                Type.of(Numbered.class),
                "HF-TYP-006: Numbered.text: dev.holdfast.engine.type.Fixtures$MoneySerializer serializes"
                        + " dev.holdfast.engine.type.Fixtures$Money, not java.lang.String. Name the serializer of the"
                        + " component's class.");
    }

    @Test
    void anErrorIsTheSameASecondTime() {
        assertThat(refusal(Type.of(Order.class)).getMessage())
                .isEqualTo(refusal(Type.of(Order.class)).getMessage());
    }

    private static void refused(Type<?> type, String text) {
        HoldfastException refusal = refusal(type);
        assertThat(refusal).hasMessage(text);
        assertThat(text).startsWith(refusal.code());
    }

    private static HoldfastException refusal(Type<?> type) {
        return catchThrowableOfType(HoldfastException.class, () -> TypeSerializers.of(type));
    }
}
