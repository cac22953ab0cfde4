package dev.holdfast.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.type.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaTest {

    @ParameterizedTest
    @MethodSource("dev.holdfast.engine.type.RoundTripTest#types")
    void survivesItsStoredForm(Type<?> type) {
        Schema schema = TypeSerializers.of(type).schema();
        Schema decoded = Schema.decode(schema.encode());
        assertThat(decoded).isEqualTo(schema).hasSameHashCodeAs(schema).hasToString(schema.toString());
        assertThat(decoded.encode()).isEqualTo(schema.encode());
    }

    @Test
    void readsLikeADeclaration() {
        assertThat(text(Fixtures.Item.class)).isEqualTo("record Item(sku: string, amount: i32, price: bigDecimal)");
        assertThat(text(Fixtures.Payment.class))
                .isEqualTo("sealed Payment(record Card(number: i64, holder: optional<string> = default) | record"
                        + " Transfer(iban: string) | record Cash() | enum Voucher(SMALL, LARGE))");
        assertThat(text(Fixtures.Tree.class))
                .isEqualTo("record Tree(name: string, children: list<Tree> = default, byName: map<string, Tree> ="
                        + " default)");
        assertThat(text(Fixtures.Expression.class))
                .isEqualTo(
                        "sealed Expression(record Literal(value: f64) | record Sum(left: Expression, right: Expression)"
                                + " | record Negated(of: Expression))");
        assertThat(text(Fixtures.Customs.class))
                .isEqualTo(
                        "record Customs(money: custom money v1, opaque: custom opaque v3, opaques: list<custom opaque"
                                + " v3> = default, run: custom run v1, after: string)");
        assertThat(text(Fixtures.Generic.class))
                .isEqualTo("record Generic(one: record Pair(first: string, second: i64), two: record Pair(first: record"
                        + " Pair(first: i32, second: enum Color(RED, GREEN, BLUE)), second: list<string> = default),"
                        + " outcome: sealed Outcome(record Success(value: i64) | record Failure(reason: string)))");
    }

    private static String text(Class<?> javaClass) {
        return TypeSerializers.of(Type.of(javaClass)).schema().toString();
    }

    @Test
    void codesOfKindsAreDistinct() {
        assertThat(Arrays.stream(Schema.Primitive.values()).map(kind -> kind.code))
                .doesNotHaveDuplicates()
                .allMatch(code -> code >= 1 && code < 32);
        for (Schema.Primitive kind : Schema.Primitive.values()) {
            assertThat(Leaves.of(kind).schema()).isEqualTo(kind);
        }
    }

    /** Whatever the bytes are: a schema, or an error that says so. Never another error, never without end. */
    @ParameterizedTest
    @MethodSource("dev.holdfast.engine.type.RoundTripTest#types")
    void damagedBytesAreASchemaOrAnError(Type<?> type) {
        byte[] bytes = TypeSerializers.of(type).schema().encode();
        Random random = Seeds.random(SchemaTest.class);
        for (int length = 0; length < bytes.length; length++) {
            requireError(Arrays.copyOf(bytes, length));
        }
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = bytes.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Schema decoded = Schema.decode(damaged);
                assertThat(Schema.decode(decoded.encode())).isEqualTo(decoded);
                assertThat(decoded.toString()).isNotEmpty();
            } catch (IllegalStateException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private static void requireError(byte[] truncated) {
        assertThatThrownBy(() -> Schema.decode(truncated)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void saysWhatIsDamaged() {
        assertThatThrownBy(() -> Schema.decode(new byte[] {2, 1}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("schema of format 2; this version reads format 1. It was written by a newer version or is"
                        + " damaged");
        assertThatThrownBy(() -> Schema.decode(new byte[] {1, 1, 1}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged schema: 1 bytes after its end");
        assertThatThrownBy(() -> Schema.decode(new byte[] {1, 31}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged schema: unknown code 31");
        assertThatThrownBy(() -> Schema.decode(new byte[] {1, 40, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged schema: reference to definition 0 of 0");
        byte[] nested = new byte[200];
        Arrays.fill(nested, (byte) 35);
        nested[0] = 1;
        assertThatThrownBy(() -> Schema.decode(nested))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged schema: nested deeper than 100 levels");
        byte[] doubled = new Schema.Enumeration("E", List.of("A", "B")).encode();
        doubled[doubled.length - 1] = 'A';
        assertThatThrownBy(() -> Schema.decode(doubled))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("damaged schema: E has more than one constant named A");
    }
}
