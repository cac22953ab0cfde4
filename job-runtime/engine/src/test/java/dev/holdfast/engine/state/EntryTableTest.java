package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryTableTest {
    private static final int FLUSHED = 5;

    private record Name(Object key, int part) {}

    private static Entry entry(Object key, int hash, int part, int epoch) {
        Entry entry = new Entry(key, hash, part, "value");
        entry.epoch = epoch;
        return entry;
    }

    /** As a task of the lowest eighth of 128 key groups sees them: they share their lower bits. */
    private static int hashOf(Random random) {
        return random.nextInt() & ~0x7F | random.nextInt(16);
    }

    @Test
    void agreesWithAMap() {
        Seeds.run("entry table", 60, seed -> {
            Random random = new Random(seed);
            EntryTable table = new EntryTable();
            Map<Name, Entry> model = new HashMap<>();
            List<Entry> added = new ArrayList<>();
            int dirtyOneIn = 1 + random.nextInt(4);
            int evictions = random.nextInt(6);
            for (int i = 0; i < 20_000; i++) {
                Object key = random.nextInt(30_000);
                int part = random.nextInt(4) - 1;
                // Some keys have the hash of another.
                int hash = new Random(key.hashCode() / 2).nextInt() & ~0x7F;
                Entry known = model.get(new Name(key, part));
                assertThat(table.get(key, hash, part)).isSameAs(known);
                if (known == null) {
                    Entry entry = entry(key, hash, part, random.nextInt(dirtyOneIn) == 0 ? FLUSHED + 1 : 1);
                    entry.referenced = random.nextBoolean();
                    table.add(entry);
                    model.put(new Name(key, part), entry);
                    added.add(entry);
                }
                for (int n = random.nextInt(evictions + 1); n > 0; n--) {
                    Entry evicted = table.tick(FLUSHED);
                    if (evicted != null) {
                        assertThat(evicted.epoch).isLessThanOrEqualTo(FLUSHED);
                        assertThat(model.remove(new Name(evicted.key, evicted.part)))
                                .isSameAs(evicted);
                    }
                }
                assertThat(table.size()).isEqualTo(model.size());
            }
            for (Entry entry : added) {
                assertThat(table.get(entry.key, entry.hash, entry.part))
                        .isSameAs(model.get(new Name(entry.key, entry.part)));
            }
        });
    }

    @Test
    void theClockHandComesByEveryEntryInTwoRounds() {
        EntryTable table = new EntryTable();
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            table.add(entry(i, hashOf(random), Entry.ROOT, 1));
        }
        // The first round clears the marks. An eviction shifts entries back, so the hand stays once more.
        for (long ticks = 2L * table.capacity() + 100_000; ticks > 0; ticks--) {
            table.tick(FLUSHED);
        }
        assertThat(table.size()).isZero();
    }

    @Test
    void noAdditionMovesManyEntries() {
        EntryTable table = new EntryTable();
        Random random = new Random(7);
        int most = 0;
        for (int i = 0; i < 1_500_000; i++) {
            most = Math.max(most, table.add(entry(i, hashOf(random), Entry.ROOT, 1)));
        }
        assertThat(most).isBetween(1, EntryTable.MAX_MOVED);
        assertThat(table.capacity()).isBetween(2 * table.size(), 5 * table.size());
    }

    @Test
    void holdsManyEntriesWithOneHashBesideOthers() {
        EntryTable table = new EntryTable();
        int same = EntryTable.MAX_MOVED + 500;
        for (int i = 0; i < same; i++) {
            table.add(entry(i, 77, Entry.ROOT, 1));
        }
        // Their shard is as deep as can be; the others' are split while they have many places in the directory.
        int others = 50_000;
        int[] hashes = new Random(5).ints(others).toArray();
        for (int i = 0; i < others; i++) {
            table.add(entry(same + i, hashes[i], Entry.ROOT, 1));
        }
        for (int i = 0; i < same; i++) {
            assertThat(table.get(i, 77, Entry.ROOT)).isNotNull();
        }
        for (int i = 0; i < others; i++) {
            assertThat(table.get(same + i, hashes[i], Entry.ROOT)).isNotNull();
        }
        assertThat(table.get(-1, 77, Entry.ROOT)).isNull();
    }
}
