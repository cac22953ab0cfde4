package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.type.DataWriter;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeySortTest {
    @Test
    void sortsByUnsignedBytesWhateverTheKeysLookLike() {
        for (int seed = 0; seed < 2000; seed++) {
            Chance chance = new Chance(seed);
            int count = chance.below(chance.oneIn(20) ? 3000 : 120);
            int alphabet = 1 + chance.below(chance.oneIn(2) ? 3 : 256);
            int prefix = chance.below(12);
            int longest = 1 + chance.below(14);
            DataWriter out = new DataWriter();
            int[] starts = new int[count];
            int[] ends = new int[count];
            for (int i = 0; i < count; i++) {
                starts[i] = out.size();
                for (int j = 0; j < prefix; j++) {
                    out.writeByte(200 + j);
                }
                for (int j = chance.below(longest + 1); j > 0; j--) {
                    out.writeByte(-chance.below(alphabet));
                }
                ends[i] = out.size();
            }
            byte[] bytes = out.array();
            int[] order = IntStream.range(0, count).toArray();
            new KeySort().sort(bytes, starts, ends, order, 0, count, chance.below(prefix + 1));
            assertThat(order).as("seed %d", seed).hasSize(count).doesNotHaveDuplicates();
            for (int i = 1; i < count; i++) {
                assertThat(Arrays.compareUnsigned(
                                bytes,
                                starts[order[i - 1]],
                                ends[order[i - 1]],
                                bytes,
                                starts[order[i]],
                                ends[order[i]]))
                        .as("seed %d, place %d", seed, i)
                        .isLessThanOrEqualTo(0);
            }
        }
    }
}
