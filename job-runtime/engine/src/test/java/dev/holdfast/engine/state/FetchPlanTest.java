package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.graph.KeyGroupRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FetchPlanTest {
    private static final long MB = 1 << 20;

    @Test
    void neighboursInOneObjectComeByOneRead() {
        List<Segment> segments =
                List.of(segment("pack", 1000, 500), segment("pack", 0, 1000), segment("pack", 1500, 10));

        List<FetchPlan.Read> reads = FetchPlan.of(segments);

        assertThat(reads).hasSize(1);
        assertThat(reads.getFirst().offset()).isZero();
        assertThat(reads.getFirst().length()).isEqualTo(1510);
        assertThat(reads.getFirst().segments()).extracting(Segment::offset).containsExactly(0L, 1000L, 1500L);
    }

    @Test
    void aLongGapIsNotReadInVain() {
        Segment first = segment("pack", 0, 100);
        Segment second = segment("pack", 100 + FetchPlan.MAX_GAP_BYTES + 1, 100);

        assertThat(FetchPlan.of(List.of(first, second))).hasSize(2);
    }

    @Test
    void otherObjectsAreOtherReads() {
        assertThat(FetchPlan.of(List.of(segment("a", 0, 100), segment("b", 100, 100))))
                .hasSize(2);
    }

    @Test
    void largeSegmentsComeAloneAndFirst() {
        List<FetchPlan.Read> reads =
                FetchPlan.of(List.of(segment("a", 0, 100), segment("b", 0, 40 * MB), segment("a", 100, 9 * MB)));

        assertThat(reads).extracting(FetchPlan.Read::length).containsExactly(40 * MB, 9 * MB, 100L);
    }

    @Test
    void randomPlansReadEachSegmentOnceWithinBounds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Segment> segments = new ArrayList<>();
            long offset = 0;
            for (int i = random.nextInt(60); i > 0; i--) {
                offset += random.nextInt(3) == 0 ? random.nextInt(200_000) : 0;
                int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 6_000_000 : 30_000);
                segments.add(segment("object" + random.nextInt(3), offset, length));
                offset += length;
            }

            Set<Segment> seen = new HashSet<>();
            for (FetchPlan.Read read : FetchPlan.of(segments)) {
                assertThat(read.segments().size() == 1 || read.length() <= FetchPlan.MAX_READ_BYTES)
                        .as("seed %s: %s", seed, read)
                        .isTrue();
                for (Segment segment : read.segments()) {
                    assertThat(seen.add(segment))
                            .as("seed %s: %s twice", seed, segment)
                            .isTrue();
                    assertThat(segment.object()).isEqualTo(read.object());
                    assertThat(segment.offset()).isGreaterThanOrEqualTo(read.offset());
                    assertThat(segment.offset() + segment.length()).isLessThanOrEqualTo(read.offset() + read.length());
                }
            }
            assertThat(seen).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(segments);
        }
    }

    private static Segment segment(String object, long offset, long length) {
        return new Segment(object, offset, length, Segment.Format.ENTRIES, new KeyGroupRange(0, 3), 1, 7);
    }
}
