package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.state.ListState;
import dev.holdfast.api.state.MapState;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.graph.KeyGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyedStateTest {
    private final StateDeclarations declarations = new StateDeclarations("operator");

    private static StateHarness open(
            StateDeclarations declarations, StateHarness.Saved saved, KeyGroupRange keyGroups) {
        MemoryDisk disk = new MemoryDisk();
        return new StateHarness(
                disk, MemorySortedStore.factory(disk), 1 << 20, Thresholds.DEFAULT, keyGroups, declarations, saved);
    }

    private StateHarness open(StateHarness.Saved saved) {
        return open(declarations, saved, StateHarness.all());
    }

    @Test
    void refusesUseWithoutAKey() {
        ValueState<Long> value = declarations.value("value", Long.class, 5L);
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            assertThatThrownBy(value::get)
                    .hasMessageStartingWith("HF-STA-003: state 'value' of operator 'operator' is used while no record");
            harness.key("a");
            assertThat(value.get()).isEqualTo(5L);
            harness.state.clearKey();
            assertThatThrownBy(() -> value.set(1L)).hasMessageStartingWith("HF-STA-003");
        }
    }

    @Test
    void refusesNullAndKeepsWhatWasThere() {
        ValueState<@Nullable Long> value = declarations.value("value", Long.class);
        ListState<String> list = declarations.list("list", String.class);
        MapState<String, String> map = declarations.map("map", String.class, String.class);
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            harness.key("a");
            value.set(1L);
            assertThatThrownBy(() -> value.set(null))
                    .hasMessageStartingWith("HF-STA-005: the value of state 'value' of operator 'operator'");
            assertThat(value.get()).isEqualTo(1L);
            list.add("x");
            assertThatThrownBy(() -> list.set(Arrays.asList("y", null))).hasMessageStartingWith("HF-STA-005");
            assertThat(list.get()).containsExactly("x");
            assertThatThrownBy(() -> map.put("k", null)).hasMessageContaining("a value of state 'map'");
            assertThat(map.isEmpty()).isTrue();
        }
    }

    @Test
    void namesObjectAndOffsetOfASegmentThatIsNotWhatWasWritten() throws Exception {
        ValueState<String> value = declarations.value("value", String.class, "");
        StateHarness.Saved saved;
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            harness.key("a");
            value.set("some text");
            saved = harness.save(1, StateHarness.Saved.NOTHING);
        }
        String object = saved.objects().keySet().iterator().next();
        byte[] good = saved.objects().get(object);

        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 4;
        assertThatThrownBy(() -> reopen(saved, object, flipped))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("HF-STO-006: segment at offset 0 of object '" + object + "' has checksum ")
                .hasMessageContaining(", expected ");
        assertThatThrownBy(() -> reopen(saved, object, Arrays.copyOf(good, good.length - 3)))
                .hasMessageContaining("has " + (good.length - 3) + " bytes, expected " + good.length);
        assertThatThrownBy(() -> reopen(saved, object, Arrays.copyOf(good, good.length + 3)))
                .hasMessageContaining("has " + (good.length + 3) + " bytes, expected " + good.length);
        reopen(saved, object, good);
    }

    private static void reopen(StateHarness.Saved saved, String object, byte[] bytes) {
        Map<String, byte[]> objects = new HashMap<>(saved.objects());
        objects.put(object, bytes);
        StateDeclarations again = new StateDeclarations("operator");
        again.value("value", String.class, "");
        open(again, new StateHarness.Saved(objects, saved.buckets(), saved.stored()), StateHarness.all())
                .close();
    }

    @Test
    void overlooksKeyGroupsThatAListDoesNotSpeakFor() throws Exception {
        ValueState<Long> value = declarations.value("value", Long.class, 0L);
        List<String> keys = new ArrayList<>();
        StateHarness.Saved saved;
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            for (int i = 0; i < 400; i++) {
                String key = "key" + i;
                int keyGroup = KeyGroups.keyGroup(harness.hash(key), StateHarness.MAX_PARALLELISM);
                if (KeyGroups.bucket(keyGroup, StateHarness.MAX_PARALLELISM) == 5) {
                    keys.add(key);
                    harness.key(key);
                    value.set(1L);
                }
            }
            saved = harness.save(1, StateHarness.Saved.NOTHING);
        }
        KeyGroupRange bucket = KeyGroups.bucketRange(5, StateHarness.MAX_PARALLELISM);
        assertThat(bucket.size()).isEqualTo(2);
        KeyedSegments whole = saved.buckets().get(5).lists().get(0);
        KeyedSegments half = new KeyedSegments(5, new KeyGroupRange(bucket.from(), bucket.from()), whole.segments());

        StateDeclarations again = new StateDeclarations("operator");
        ValueState<Long> restored = again.value("value", Long.class, 0L);
        StateHarness.Saved part =
                new StateHarness.Saved(saved.objects(), List.of(new RestoredBucket(5, List.of(half))), saved.stored());
        try (StateHarness harness = open(again, part, StateHarness.all())) {
            for (String key : keys) {
                harness.key(key);
                int keyGroup = KeyGroups.keyGroup(harness.hash(key), StateHarness.MAX_PARALLELISM);
                assertThat(restored.get()).as(key).isEqualTo(keyGroup == bucket.from() ? 1L : 0L);
            }
        }
    }

    @Test
    void uploadsNothingTwiceThatIsConfirmed() throws Exception {
        ValueState<Long> value = declarations.value("value", Long.class, 0L);
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            harness.key("a");
            value.set(1L);
            StateHarness.Saved first = harness.save(1, StateHarness.Saved.NOTHING);
            StateHarness.Saved second = harness.save(2, first);
            assertThat(second.objects()).hasSameSizeAs(first.objects());
            assertThat(second.buckets()).isEqualTo(first.buckets());
        }
    }

    @Test
    void uploadsAgainWhatAnAbortedCheckpointUploaded() {
        ValueState<Long> value = declarations.value("value", Long.class, 0L);
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            harness.key("a");
            value.set(1L);
            harness.snapshot(1);
            harness.state.abort(1);
            List<StateSegment> segments = harness.snapshot(2).buckets().stream()
                    .flatMap(bucket -> bucket.segments().stream())
                    .toList();
            assertThat(segments).hasSize(1).allMatch(segment -> segment.confirmed() == null);
        }
    }

    @Test
    void writesNothingWhereNothingChanged() {
        ValueState<Long> value = declarations.value("value", Long.class, 0L);
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            harness.key("a");
            assertThat(value.get()).isZero();
            value.clear();
            KeyedSnapshot snapshot = harness.snapshot(1);
            assertThat(snapshot.buckets()).allMatch(bucket -> bucket.segments().isEmpty());
        }
    }

    @Test
    void keepsALargeListAndMapInParts() throws Exception {
        ListState<Long> list = declarations.list("list", Long.class);
        MapState<Long, Long> map = declarations.map("map", Long.class, Long.class);
        StateHarness.Saved saved;
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            for (long i = 0; i < 20_000; i++) {
                harness.key("a");
                list.add(i);
                map.put(i, -i);
                if (i % 512 == 0) {
                    harness.betweenBatches();
                }
            }
            harness.key("a");
            assertThat(list.get()).hasSize(20_000);
            saved = harness.save(1, StateHarness.Saved.NOTHING);
            long before = harness.state.statistics().flushedEntries();
            harness.key("a");
            map.put(77L, 1L);
            list.add(20_000L);
            harness.snapshot(2);
            assertThat(harness.state.statistics().flushedEntries() - before)
                    .as("entries written for one change of each")
                    .isLessThanOrEqualTo(4);
            harness.state.abort(2);
        }
        StateDeclarations again = new StateDeclarations("operator");
        ListState<Long> restoredList = again.list("list", Long.class);
        MapState<Long, Long> restoredMap = again.map("map", Long.class, Long.class);
        try (StateHarness harness = open(again, saved, StateHarness.all())) {
            harness.key("a");
            long next = 0;
            for (long element : restoredList.get()) {
                assertThat(element).isEqualTo(next++);
            }
            assertThat(next).isEqualTo(20_000);
            assertThat(harness.state.statistics().entries())
                    .as("entries that a walk leaves in memory")
                    .isLessThan(5);
            for (long i = 0; i < 20_000; i += 97) {
                assertThat(restoredMap.get(i)).isEqualTo(-i);
                restoredMap.remove(i);
            }
            assertThat(restoredMap.keys()).hasSize(20_000 - 207);
            for (long i = 0; i < 20_000; i++) {
                restoredMap.remove(i);
            }
            assertThat(restoredMap.isEmpty()).isTrue();
        }
    }

    @Test
    void goesOnAfterAFlushThatFailed() {
        ValueState<Long> value = declarations.value("value", Long.class, 0L);
        boolean[] full = new boolean[1];
        MemoryDisk disk = new MemoryDisk();
        SortedStore.Factory stores = (directory, cacheBytes) ->
                new Faults.Store(MemorySortedStore.factory(disk).open(directory, cacheBytes), what -> {
                    if (full[0]) {
                        throw Faults.failed(what);
                    }
                });
        try (StateHarness harness = new StateHarness(
                disk,
                stores,
                1 << 20,
                Thresholds.DEFAULT,
                StateHarness.all(),
                declarations,
                StateHarness.Saved.NOTHING)) {
            harness.key("a");
            value.set(1L);
            full[0] = true;
            assertThatThrownBy(() -> harness.snapshot(1)).hasRootCauseMessage("HF-STO-010: injected failure: write");
            full[0] = false;
            harness.key("a");
            assertThat(value.get()).isEqualTo(1L);
            assertThat(harness.snapshot(2).buckets().stream()
                            .mapToInt(bucket -> bucket.segments().size())
                            .sum())
                    .isEqualTo(1);
        }
    }

    @Test
    void reportsASegmentWhoseBytesAreNotOfTheStatesType() throws Exception {
        ValueState<String> value = declarations.value("value", String.class, "");
        StateHarness.Saved saved;
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            harness.key("a");
            value.set("a text that is long enough");
            saved = harness.save(1, StateHarness.Saved.NOTHING);
        }
        // As if another state had been given this one's id.
        StateDeclarations again = new StateDeclarations("operator");
        ValueState<Long> number = again.value("number", Long.class, 0L);
        try (StateHarness harness =
                open(again, new StateHarness.Saved(saved.objects(), saved.buckets(), List.of()), StateHarness.all())) {
            harness.key("a");
            assertThatThrownBy(number::get)
                    .hasMessageStartingWith("HF-STA-020: state 'number' of operator 'operator' holds ");
        }
    }

    @Test
    void takesASegmentOfAnotherTaskOnlyInPart() throws Exception {
        ValueState<Long> value = declarations.value("value", Long.class, 0L);
        StateHarness.Saved saved;
        try (StateHarness harness = open(StateHarness.Saved.NOTHING)) {
            for (int i = 0; i < 300; i++) {
                harness.key("key" + i);
                value.set((long) i);
            }
            saved = harness.save(1, StateHarness.Saved.NOTHING);
        }
        long entries = 0;
        for (int task = 0; task < 3; task++) {
            StateDeclarations again = new StateDeclarations("operator");
            again.value("value", Long.class, 0L);
            KeyGroupRange range = KeyGroups.range(task, 3, StateHarness.MAX_PARALLELISM);
            try (StateHarness harness = open(again, saved, range)) {
                for (BucketSnapshot bucket : harness.snapshot(2).buckets()) {
                    for (StateSegment segment : bucket.segments()) {
                        Segment confirmed = segment.confirmed();
                        boolean whole = KeyGroups.bucketRange(bucket.bucket(), StateHarness.MAX_PARALLELISM)
                                .equals(bucket.keyGroups());
                        assertThat(confirmed != null).isEqualTo(whole);
                        assertThat(range.contains(segment.keyGroups())).isTrue();
                        entries += segment.entries();
                    }
                }
            }
        }
        assertThat(entries).isEqualTo(300);
    }
}
