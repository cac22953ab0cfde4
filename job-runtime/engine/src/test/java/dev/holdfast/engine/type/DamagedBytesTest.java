package dev.holdfast.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes are: a value, or {@link IllegalStateException}. Never another error, never without end. */
class DamagedBytesTest {

    @ParameterizedTest
    @MethodSource("dev.holdfast.engine.type.RoundTripTest#types")
    void damagedBytesAreAValueOrAnError(Type<?> type) {
        check(type, Seeds.random(DamagedBytesTest.class));
    }

    private static <T> void check(Type<T> type, Random random) {
        Derived<T> serializer = (Derived<T>) TypeSerializers.of(type);
        SkipCodec skipping = new SkipCodec(serializer.schema(), new Definitions(serializer.schema()));
        Reader<Object> skip = in -> DerivedSerializer.guarded(skipping, "skipped", in);
        RandomValues values = new RandomValues(random);
        for (int i = 0; i < 200; i++) {
            DataWriter out = new DataWriter();
            @SuppressWarnings("unchecked")
            T value = (T) values.of(serializer.shape());
            serializer.write(value, out);
            byte[] bytes = out.toByteArray();
            int length = random.nextInt(bytes.length);
            assertThatThrownBy(() -> serializer.read(new DataReader(bytes, 0, length)))
                    .isInstanceOf(IllegalStateException.class);
            for (int j = 0; j < 30; j++) {
                byte[] damaged = bytes.clone();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                readAnyway(serializer::read, damaged);
                readAnyway(skip, damaged);
            }
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            readAnyway(serializer::read, noise);
            readAnyway(skip, noise);
        }
    }

    private static void readAnyway(Reader<?> reader, byte[] bytes) {
        DataReader in = new DataReader(bytes);
        try {
            assertThat(reader.read(in)).isNotNull();
        } catch (IllegalStateException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        assertThat(in.position()).isLessThanOrEqualTo(bytes.length);
    }

    /** A count in each of many levels, each as large as the bytes allow: room is made for what is there, not for what is said. */
    @Test
    void countsThatLieCostLittle() {
        TypeSerializer<Fixtures.Tree> serializer = TypeSerializers.of(Type.of(Fixtures.Tree.class));
        DataWriter out = new DataWriter();
        for (int i = 0; i < 400; i++) {
            out.writeString("");
            out.writeVarInt(8_000_000);
        }
        out.writeBytes(new byte[9_000_000]);
        byte[] bytes = out.toByteArray();
        assertThatThrownBy(() -> serializer.read(new DataReader(bytes, 0, 8_000_500)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void endlessNestingEnds() {
        byte[] present = new byte[1_000_000];
        Arrays.fill(present, (byte) 1);
        assertThatThrownBy(
                        () -> TypeSerializers.of(Type.of(Fixtures.Node.class)).read(new DataReader(present)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged value at byte 2505: Node nests more than 500 levels deep");
        byte[] negated = new byte[1_000_000];
        Arrays.fill(negated, (byte) 2);
        assertThatThrownBy(() ->
                        TypeSerializers.of(Type.of(Fixtures.Expression.class)).read(new DataReader(negated)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged value at byte 501: Expression nests more than 500 levels deep");
    }

    @Test
    void saysWhatIsDamaged() {
        assertThatThrownBy(
                        () -> TypeSerializers.of(Type.of(Fixtures.Color.class)).read(new DataReader(new byte[] {3})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged value at byte 1: constant 3 of an enum of 3");
        assertThatThrownBy(() ->
                        TypeSerializers.of(Type.of(Fixtures.Payment.class)).read(new DataReader(new byte[] {9})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged value at byte 1: case 9 of a sealed type of 4");
        record Positive(int number) {
            Positive {
                if (number < 0) {
                    throw new IllegalArgumentException("number is " + number);
                }
            }
        }
        assertThatThrownBy(() ->
                        TypeSerializers.of(Type.of(Positive.class)).read(new DataReader(new byte[] {-1, -1, -1, -1})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("value of Positive at bytes 0 to 4 cannot be read: damaged, or refused by a constructor:"
                        + " java.lang.IllegalArgumentException: number is -1");
    }
}
