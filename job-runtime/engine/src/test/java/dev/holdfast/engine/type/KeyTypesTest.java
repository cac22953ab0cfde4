package dev.holdfast.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyTypesTest {

    static Stream<Type<?>> keys() {
        return Stream.of(
                Type.of(String.class),
                Type.of(Long.class),
                Type.of(Integer.class),
                Type.of(Double.class),
                Type.of(BigDecimal.class),
                Type.of(Fixtures.Color.class),
                Type.of(Fixtures.Numbers.class),
                Type.of(Fixtures.Times.class),
                Type.of(Fixtures.Payment.class),
                Type.of(Fixtures.Generic.class),
                Type.of(Fixtures.Node.class),
                Type.of(Fixtures.Opaque.class),
                Type.list(String.class),
                Type.optional(Long.class));
    }

    /** Small domains, so that equal values are made often. */
    @ParameterizedTest
    @MethodSource("keys")
    void equalKeysAndEqualBytesAreTheSame(Type<?> type) {
        check(type, Seeds.random(KeyTypesTest.class));
    }

    private static <K> void check(Type<K> type, Random random) {
        Derived<K> serializer = (Derived<K>) TypeSerializers.ofKey(type);
        KeyCodec<K> codec = new KeyCodec<>(serializer);
        RandomValues values = new RandomValues(random);
        List<K> keys = Stream.generate(() -> {
                    @SuppressWarnings("unchecked")
                    K key = (K) values.of(serializer.shape());
                    return key;
                })
                .limit(100)
                .toList();
        for (K one : keys) {
            byte[] bytes = encoded(codec, one);
            assertThat(codec.hash(one)).isEqualTo(KeyHash.of(bytes, 0, bytes.length));
            K same = codec.decode(new DataReader(bytes));
            assertThat(same).isEqualTo(one);
            assertThat(codec.hash(same)).isEqualTo(codec.hash(one));
            for (K other : keys) {
                assertThat(java.util.Arrays.equals(bytes, encoded(codec, other)))
                        .isEqualTo(one.equals(other));
            }
        }
    }

    private static <K> byte[] encoded(KeyCodec<K> codec, K key) {
        DataWriter out = new DataWriter();
        codec.encode(key, out);
        return out.toByteArray();
    }

    @Test
    void zerosDifferAndNotANumberIsOne() {
        KeyCodec<Double> codec = new KeyCodec<>(TypeSerializers.ofKey(Type.of(Double.class)));
        assertThat(codec.hash(0.0)).isNotEqualTo(codec.hash(-0.0));
        double otherNaN = Double.longBitsToDouble(0x7ff8000000000123L);
        assertThat(encoded(codec, otherNaN)).isEqualTo(encoded(codec, Double.NaN));
        KeyCodec<BigDecimal> decimals = new KeyCodec<>(TypeSerializers.ofKey(Type.of(BigDecimal.class)));
        assertThat(encoded(decimals, new BigDecimal("1.0"))).isNotEqualTo(encoded(decimals, new BigDecimal("1.00")));
    }

    @Test
    void hashesHugeKeys() {
        KeyCodec<String> codec = new KeyCodec<>(TypeSerializers.ofKey(Type.of(String.class)));
        String huge = "x".repeat(1_000_000);
        byte[] bytes = encoded(codec, huge);
        assertThat(codec.hash(huge)).isEqualTo(KeyHash.of(bytes, 0, bytes.length));
        assertThat(codec.hash("a")).isEqualTo(KeyHash.of(new byte[] {1, 'a'}, 0, 2));
    }

    @Test
    void refusesANullKey() {
        for (Class<?> javaClass : List.of(String.class, Long.class, Integer.class, Fixtures.Node.class)) {
            refusesNull(javaClass);
        }
    }

    private static <K> void refusesNull(Class<K> javaClass) {
        KeyCodec<K> codec = new KeyCodec<>(TypeSerializers.ofKey(Type.of(javaClass)));
        assertThatThrownBy(() -> codec.hash(null))
                .isInstanceOf(HoldfastException.class)
                .hasMessageStartingWith("HF-TYP-002: " + javaClass.getSimpleName() + " is null.");
    }

    record WithBytes(String name, Optional<List<byte[]>> bytes) {}

    record WithSet(List<WithTags> list) {}

    record WithTags(Set<String> tags) {}

    sealed interface Choice {}

    record Plain(int number) implements Choice {}

    record Mapped(Map<String, String> map) implements Choice {}

    @Test
    void refusesArraysSetsAndMaps() {
        String unordered = " may have different bytes, for they have no order. Use a sorted List";
        refused(
                Type.of(byte[].class),
                "HF-TYP-003: byte[]: byte[] cannot be part of a key: equal arrays are not equal to Java. Use a string, or"
                        + " a List<Byte>, or leave it out of the key.");
        refused(
                Type.of(WithBytes.class),
                "HF-TYP-003: WithBytes.bytes[value][element]: byte[] cannot be part of a key: equal arrays are not equal"
                        + " to Java. Use a string, or a List<Byte>, or leave it out of the key.");
        refused(
                Type.of(WithSet.class),
                "HF-TYP-003: WithSet.list[element].tags: a set cannot be part of a key: equal sets" + unordered
                        + ", or leave it out of the key.");
        refused(
                Type.of(Choice.class),
                "HF-TYP-003: Choice(Mapped).map: a map cannot be part of a key: equal maps" + unordered
                        + " of records, or leave it out of the key.");
        refused(
                Type.set(String.class),
                "HF-TYP-003: set: a set cannot be part of a key: equal sets" + unordered
                        + ", or leave it out of the key.");
    }

    private static void refused(Type<?> type, String text) {
        assertThatThrownBy(() -> TypeSerializers.ofKey(type))
                .isInstanceOf(HoldfastException.class)
                .hasMessage(text);
    }
}
