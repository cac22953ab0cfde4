package dev.holdfast.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyGroupsTest {

    /** Vectors of MurmurHash3 x86 32-bit with seed 0, as other implementations publish them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                            | 00000000
                    a                                             | 3c2569b2
                    test                                          | ba6bd213
                    Hello, world!                                 | c0363e43
                    The quick brown fox jumps over the lazy dog   | 2e4ff723
                    """)
    void hashesLikeMurmur3(String text, String expected) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Integer.toHexString(KeyGroups.hash(bytes, 0, bytes.length)))
                .isEqualTo(Integer.toHexString(Integer.parseUnsignedInt(expected, 16)));
    }

    @Test
    void hashesBytesAboveSevenBitsAndZeros() {
        assertThat(hash(0xff, 0xff, 0xff, 0xff)).isEqualTo(0x76293B50);
        assertThat(hash(0x21, 0x43, 0x65, 0x87)).isEqualTo(0xF55B516B);
        assertThat(hash(0x21, 0x43, 0x65)).isEqualTo(0x7E4A8634);
        assertThat(hash(0x21, 0x43)).isEqualTo(0xA0F7B07A);
        assertThat(hash(0x21)).isEqualTo(0x72661CF4);
        assertThat(hash(0, 0, 0, 0)).isEqualTo(0x2362F9DE);
        assertThat(hash(0, 0, 0)).isEqualTo(0x85F0B427);
        assertThat(hash(0, 0)).isEqualTo(0x30F4C306);
        assertThat(hash(0)).isEqualTo(0x514E28B7);
    }

    @Test
    void hashesARangeOfAnArray() {
        byte[] bytes = "xxtestyy".getBytes(StandardCharsets.UTF_8);
        assertThat(KeyGroups.hash(bytes, 2, 4)).isEqualTo(0xba6bd213);
    }

    private static int hash(int... bytes) {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return KeyGroups.hash(array, 0, array.length);
    }

    @Test
    void keyGroupTakesTheHashAsUnsigned() {
        assertThat(KeyGroups.keyGroup(-1, 128)).isEqualTo(127);
        assertThat(KeyGroups.keyGroup(-1, 100)).isEqualTo((int) (0xFFFFFFFFL % 100));
        assertThat(KeyGroups.keyGroup(Integer.MIN_VALUE, 7)).isEqualTo((int) (0x80000000L % 7));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 17, 100, 127, 128, 129, 1000})
    void everyKeyGroupBelongsToOneTaskAndRangesAreContiguous(int max) {
        for (int parallelism = 1; parallelism <= max; parallelism++) {
            requirePartition(parallelism, max);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000, 4095, 32767, 32768})
    void theLargestMaximumDoesNotOverflow(int parallelism) {
        requirePartition(parallelism, KeyGroups.MAX_KEY_GROUPS);
    }

    private static void requirePartition(int parallelism, int max) {
        int next = 0;
        for (int task = 0; task < parallelism; task++) {
            KeyGroupRange range = KeyGroups.range(task, parallelism, max);
            assertThat(range.from()).isEqualTo(next);
            for (int group = range.from(); group <= range.to(); group++) {
                if (KeyGroups.task(group, parallelism, max) != task) {
                    throw new AssertionError(
                            "key group " + group + " of " + max + " is not task " + task + "'s of " + parallelism);
                }
            }
            next = range.to() + 1;
        }
        assertThat(next).isEqualTo(max);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 15, 16, 17, 100, 128, 1000, 32768})
    void bucketsPartitionTheKeyGroups(int max) {
        assertThat(KeyGroups.buckets(max)).isEqualTo(Math.min(16, max));
        int next = 0;
        for (int bucket = 0; bucket < KeyGroups.buckets(max); bucket++) {
            KeyGroupRange range = KeyGroups.bucketRange(bucket, max);
            assertThat(range.from()).isEqualTo(next);
            int expected = bucket;
            assertThat(IntStream.rangeClosed(range.from(), range.to()))
                    .allMatch(group -> KeyGroups.bucket(group, max) == expected);
            next = range.to() + 1;
        }
        assertThat(next).isEqualTo(max);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 128", "0, 129, 128", "-1, 2, 128", "2, 2, 128"})
    void refusesATaskOutsideTheParallelism(int task, int parallelism, int max) {
        assertThatThrownBy(() -> KeyGroups.range(task, parallelism, max))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no range of key groups for task " + task + " of " + parallelism
                        + " with a maximum parallelism of " + max);
    }

    @Test
    void rangesIntersect() {
        KeyGroupRange range = new KeyGroupRange(10, 20);
        assertThat(range.size()).isEqualTo(11);
        assertThat(range.contains(10)).isTrue();
        assertThat(range.contains(20)).isTrue();
        assertThat(range.contains(9)).isFalse();
        assertThat(range.contains(21)).isFalse();
        assertThat(range.overlaps(new KeyGroupRange(20, 30))).isTrue();
        assertThat(range.overlaps(new KeyGroupRange(21, 30))).isFalse();
        assertThat(range.intersection(new KeyGroupRange(15, 30))).isEqualTo(new KeyGroupRange(15, 20));
        assertThat(range.contains(new KeyGroupRange(10, 20))).isTrue();
        assertThat(range.contains(new KeyGroupRange(10, 21))).isFalse();
    }
}
