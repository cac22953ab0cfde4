package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.state.ListState;
import dev.holdfast.api.state.MapState;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.host.DirectoryDisk;
import dev.holdfast.engine.env.host.HostClock;
import dev.holdfast.engine.env.host.HostRandomness;
import dev.holdfast.engine.env.host.VirtualThreadCalls;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The handshake of {@link Entry} between real threads: while flushes run, the slot's thread writes the same few keys as fast
 * as it can. Every write of a barrier's epoch puts the epoch's number into all states of a key, so each flushed entry shows
 * by itself whether it is the value at the barrier. Takes about 3 seconds.
 */
class FreezeStressTest {
    private static final TypeSerializer<Long> KEY = TypeSerializers.ofKey(Type.of(Long.class));
    private static final int KEYS = 300;
    private static final int BARRIERS = 400;
    private static final int HANDSHAKES = 1_000_000;
    private static final int ROOT_KEY_BYTES = KeyWriter.PREFIX_BYTES + 1 + Long.BYTES;

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<Runnable> mail = new ConcurrentLinkedQueue<>();
    private final int[] hashes = new int[KEYS];

    @Test
    void aFlushSeesTheValuesAtItsBarrierWhateverIsWrittenMeanwhile() throws Exception {
        KeyCodec<Long> codec = new KeyCodec<>(KEY);
        for (int key = 0; key < KEYS; key++) {
            hashes[key] = codec.hash((long) key);
        }
        LocalDisk disk = new DirectoryDisk(directory);
        try (VirtualThreadCalls calls = new VirtualThreadCalls()) {
            Env env = new Env(new HostClock(), new HostRandomness(), null, calls, disk, null);
            try (SlotState slot = SlotState.open(
                    new SlotStateSettings("slot", 64 << 20), env, MemorySortedStore.factory(disk), mail::add)) {
                run(slot);
            }
        }
    }

    /** One entry, one freeze after the other: both threads are let go at once, so that they meet within the handshake. */
    @Test
    void aValueIsThatOfTheBarrierWhereverTheWriteFallsWithinTheRead() throws Exception {
        Entry entry = new Entry("key", 0, Entry.ROOT, 0);
        AtomicInteger go = new AtomicInteger();
        AtomicInteger read = new AtomicInteger();
        AtomicReference<@Nullable String> wrong = new AtomicReference<>();
        Thread flush = Thread.ofPlatform().daemon(true).start(() -> {
            for (int epoch = 1; epoch <= HANDSHAKES && wrong.get() == null; epoch++) {
                while (go.get() < epoch) {
                    Thread.onSpinWait();
                }
                Object seen = entry.valueAt(epoch);
                if (!Integer.valueOf(epoch).equals(seen)) {
                    wrong.set("at barrier " + epoch + " the flush saw " + seen);
                }
                read.set(epoch);
            }
        });
        Chance chance = new Chance(7);
        for (int epoch = 1; epoch <= HANDSHAKES && wrong.get() == null; epoch++) {
            entry.advance(epoch, true);
            entry.write(epoch);
            go.set(epoch);
            for (int spin = chance.below(40); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            // The next epoch's first write, and then some more.
            entry.advance(epoch + 1, true);
            entry.write(-epoch);
            entry.write(-epoch);
            while (read.get() < epoch && wrong.get() == null) {
                Thread.onSpinWait();
            }
        }
        flush.join(10_000);
        assertThat(wrong.get()).isNull();
    }

    private void run(SlotState slot) throws Exception {
        StateDeclarations declarations = new StateDeclarations("stress");
        ValueState<@Nullable Long> value = declarations.value("value", Long.class);
        ListState<Long> list = declarations.list("list", Long.class);
        MapState<Long, Long> map = declarations.map("map", Long.class, Long.class);
        declarations.seal();
        List<StoredState> stored = StateSchemas.plan("stress", declarations.declared(), List.of());
        KeyedState state = slot.keyed(
                new KeyedOperatorSpec("stress", 1, KEY, new KeyGroupRange(0, 7), 8, declarations, stored),
                List.of(),
                true,
                segment -> {
                    throw new AssertionError("nothing is restored");
                });
        long writes = 0;
        long lastSeen = -1;
        for (long barrier = 1; barrier <= BARRIERS; barrier++) {
            // Values of the epoch that ends at this barrier.
            for (int key = 0; key < KEYS; key++) {
                write(state, value, list, map, key, barrier);
            }
            KeyedSnapshot[] taken = new KeyedSnapshot[1];
            Throwable[] failed = new Throwable[1];
            state.freeze(barrier, (snapshot, error) -> {
                taken[0] = snapshot;
                failed[0] = error;
            });
            // While the flush runs, the next epoch goes on.
            int key = 0;
            while (taken[0] == null && failed[0] == null) {
                write(state, value, list, map, key, -barrier);
                key = (key + 1) % KEYS;
                writes++;
                Runnable work = (writes & 15) == 0 ? mail.poll() : null;
                if (work != null) {
                    work.run();
                }
            }
            if (failed[0] != null) {
                throw new AssertionError("flush failed", failed[0]);
            }
            check(slot, taken[0], stored, barrier);
            state.abort(barrier);
            lastSeen = barrier;
        }
        assertThat(lastSeen).isEqualTo(BARRIERS);
        assertThat(writes).as("writes beside flushes").isGreaterThan(BARRIERS);
    }

    private void write(
            KeyedState state,
            ValueState<@Nullable Long> value,
            ListState<Long> list,
            MapState<Long, Long> map,
            int key,
            long number) {
        state.setKey((long) key, hashes[key]);
        value.set(number);
        if (number > 0) {
            list.clear();
            map.clear();
        }
        // In place, where the epoch allows it.
        list.add(number);
        list.add(number);
        map.put(1L, number);
        map.put(2L, number);
        state.clearKey();
    }

    private void check(SlotState slot, KeyedSnapshot snapshot, List<StoredState> stored, long barrier) {
        Map<String, byte[]> found = new TreeMap<>();
        for (BucketSnapshot bucket : snapshot.buckets()) {
            for (StateSegment segment : bucket.segments()) {
                try (EntryCursor cursor = segment.open(slot.store())) {
                    while (cursor.next()) {
                        if (cursor.keyLength() != ROOT_KEY_BYTES) {
                            // Parts of lists that grew while a flush ran.
                            continue;
                        }
                        byte[] bytes = new byte[cursor.valueLength()];
                        System.arraycopy(cursor.valueBytes(), cursor.valueOffset(), bytes, 0, bytes.length);
                        int stateId = KeyWriter.stateId(cursor.keyBytes(), cursor.keyOffset());
                        DataReader key =
                                new DataReader(cursor.keyBytes(), cursor.keyOffset() + KeyWriter.PREFIX_BYTES + 1, 8);
                        found.put(key.readLong() + "/" + stored.get(stateId).name(), bytes);
                    }
                }
            }
        }
        List<String> wrong = new ArrayList<>();
        for (long key = 0; key < KEYS; key++) {
            DataReader value = new DataReader(found.get(key + "/value"));
            value.readVarInt();
            expect(wrong, key, "value", List.of(value.readLong()), List.of(barrier));
            expect(wrong, key, "list", numbers(found.get(key + "/list"), 1), List.of(barrier, barrier));
            expect(wrong, key, "map", numbers(found.get(key + "/map"), 2), List.of(barrier, 1L, barrier, 2L));
        }
        assertThat(wrong).as("barrier %d", barrier).isEmpty();
    }

    private static List<Long> numbers(byte[] bytes, int longsEach) {
        DataReader in = new DataReader(bytes);
        in.readVarInt();
        List<Long> numbers = new ArrayList<>();
        for (int i = (in.readVarInt() >>> 1) * longsEach; i > 0; i--) {
            numbers.add(in.readLong());
        }
        return numbers;
    }

    private static void expect(List<String> wrong, long key, String state, List<Long> found, List<Long> expected) {
        if (!found.equals(expected)) {
            wrong.add(state + " of key " + key + " is " + found + ", expected " + expected);
        }
    }
}
