package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.state.ListState;
import dev.holdfast.api.state.MapState;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one record may do to memory. */
class RecordMemoryTest {
    private static final long BUDGET_BYTES = 64 << 10;
    private static final long LIMIT_BYTES = BUDGET_BYTES * 3 / 4;
    private static final long RESERVE_BYTES = LIMIT_BYTES / 4;
    /** Budget, reserve, an eighth of it, and what one access adds: a map that is one entry no more, and its parts. */
    private static final long BOUND_BYTES = LIMIT_BYTES + RESERVE_BYTES + RESERVE_BYTES / 8 + 8192;

    private static final int MANY = 30_000;

    private final StateDeclarations declarations = new StateDeclarations("operator");
    private final ListState<Long> list = declarations.list("list", Long.class);
    private final MapState<Long, Long> map = declarations.map("map", Long.class, Long.class);
    private final ValueState<String> text = declarations.value("text", String.class, "");
    private boolean failing;

    private StateHarness open(Thresholds thresholds) {
        MemoryDisk disk = new MemoryDisk();
        SortedStore.Factory stores = (directory, cacheBytes) ->
                new Faults.Store(MemorySortedStore.factory(disk).open(directory, cacheBytes), what -> {
                    if (failing) {
                        throw Faults.failed(what);
                    }
                });
        return new StateHarness(
                disk, stores, BUDGET_BYTES, thresholds, StateHarness.all(), declarations, StateHarness.Saved.NOTHING);
    }

    private static void assertBounded(StateHarness harness) {
        assertThat(harness.state.memoryBytes()).isLessThan(BOUND_BYTES);
    }

    private static List<Long> numbers(long to) {
        return LongStream.range(0, to).boxed().toList();
    }

    @Test
    void oneRecordAppendsAListThatIsLargerThanMemory() {
        try (StateHarness harness = open(Thresholds.DEFAULT)) {
            harness.key("a");
            for (long i = 0; i < MANY; i++) {
                list.add(i);
                assertBounded(harness);
            }
            assertThat(list.get()).containsExactlyElementsOf(numbers(MANY));
            harness.snapshot(1);
            assertThat(list.get()).containsExactlyElementsOf(numbers(MANY));
        }
    }

    @Test
    void oneRecordSetsAndClearsAListThatIsLargerThanMemory() {
        try (StateHarness harness = open(Thresholds.DEFAULT)) {
            harness.key("a");
            list.add(-1L);
            list.set(numbers(MANY));
            assertBounded(harness);
            assertThat(list.get()).containsExactlyElementsOf(numbers(MANY));
            list.clear();
            assertBounded(harness);
            assertThat(list.isEmpty()).isTrue();
            list.add(5L);
            assertThat(list.get()).containsExactly(5L);
        }
    }

    @Test
    void oneRecordFillsAndReadsAMapThatIsLargerThanMemory() {
        try (StateHarness harness = open(Thresholds.DEFAULT)) {
            harness.key("a");
            for (long i = 0; i < MANY; i++) {
                map.put(i, i * 3);
                assertBounded(harness);
            }
            for (long i = 0; i < MANY; i++) {
                assertThat(map.get(i)).isEqualTo(i * 3);
                assertBounded(harness);
            }
            List<Long> keys = new ArrayList<>();
            map.keys().forEach(keys::add);
            assertThat(keys).containsExactlyInAnyOrderElementsOf(numbers(MANY));
            map.clear();
            assertThat(map.isEmpty()).isTrue();
        }
    }

    @Test
    void aRecordThatWaitsForAFlushLeavesItTheValuesAtItsBarrier() {
        try (StateHarness harness = open(Thresholds.DEFAULT)) {
            harness.key("b");
            text.set("at the barrier");
            list.set(numbers(500));
            harness.state.clearKey();
            KeyedSnapshot[] taken = new KeyedSnapshot[1];
            harness.state.freeze(1, (snapshot, error) -> taken[0] = snapshot);
            harness.key("b");
            text.set("later");
            for (long i = 0; i < MANY; i++) {
                list.add(i);
            }
            assertThat(harness.state.statistics().flushes()).isGreaterThan(1);
            assertThat(taken[0]).as("told before its mail is read").isNull();
            harness.settle();
            long texts = 0;
            long bytes = 0;
            for (BucketSnapshot bucket : taken[0].buckets()) {
                for (StateSegment segment : bucket.segments()) {
                    bytes += segment.sizeBytes();
                    EntryCursor cursor = segment.open(harness.slot.store());
                    while (cursor.next()) {
                        String value = new String(
                                cursor.valueBytes(),
                                cursor.valueOffset(),
                                cursor.valueLength(),
                                java.nio.charset.StandardCharsets.UTF_8);
                        assertThat(value).doesNotContain("later");
                        texts += value.contains("at the barrier") ? 1 : 0;
                    }
                }
            }
            assertThat(texts).isEqualTo(1);
            assertThat(bytes).as("bytes of 500 elements").isBetween(4000L, 6000L);
            assertThat(text.get()).isEqualTo("later");
        }
    }

    @Test
    void aFlushThatFailsWithinARecordIsThatRecordsErrorAndLosesNothing() {
        try (StateHarness harness = open(Thresholds.DEFAULT)) {
            harness.key("a");
            failing = true;
            long[] added = new long[1];
            assertThatThrownBy(() -> {
                        for (; added[0] < MANY; added[0]++) {
                            list.add(added[0]);
                        }
                    })
                    .isInstanceOf(StoreException.class);
            failing = false;
            assertThat(added[0]).isLessThan(MANY);
            assertThat(list.get()).containsExactlyElementsOf(numbers(added[0]));
            for (long i = added[0]; i < MANY; i++) {
                list.add(i);
            }
            harness.settle();
            assertThat(list.get()).containsExactlyElementsOf(numbers(MANY));
        }
    }

    @Test
    void refusesWhatIsTooLargeToBeStoredAsOneValue() {
        ListState<String> texts = declarations.list("texts", String.class);
        MapState<Long, String> pairs = declarations.map("pairs", Long.class, String.class);
        Thresholds small = new Thresholds(1 << 20, 64 << 20, 16 << 10, 64, 4096, 16, 8, 1000);
        try (StateHarness harness = open(small)) {
            harness.key("a");
            text.set("before");
            texts.add("before");
            pairs.put(1L, "before");
            String large = "x".repeat(1001);
            assertRefused(() -> text.set(large), "the value of state 'text' of operator 'operator' takes about 10");
            assertRefused(() -> texts.add(large), "an element of state 'texts'");
            assertRefused(() -> texts.set(List.of(large)), "an element of state 'texts'");
            assertRefused(() -> pairs.put(1L, large), "a part of the map, with the new pair, of state 'pairs'");
            pairs.clear();
            assertRefused(() -> pairs.put(1L, large), "a pair of state 'pairs'");
            assertThat(text.get()).isEqualTo("before");
            assertThat(texts.get()).containsExactly("before");
            @Nullable String none = pairs.get(1L);
            assertThat(none).isNull();
        }
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable write, String fact) {
        assertThatThrownBy(write).hasMessageStartingWith("HF-STA-006: " + fact).hasMessageContaining("limit is 1000");
    }
}
