package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of sorted entries does. */
public abstract class SortedStoreConformance {
    private LocalDisk disk;
    private SortedStore store;

    protected abstract LocalDisk disk();

    protected abstract SortedStore.Factory stores(LocalDisk disk);

    @BeforeEach
    void open() {
        disk = disk();
        store = stores(disk).open("store", 1 << 20);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void findsWhatABatchWrote() {
        write("a", "1", "b", "2");
        assertThat(get("a")).isEqualTo("1");
        assertThat(get("b")).isEqualTo("2");
        assertThat(get("c")).isNull();
    }

    @Test
    void anEmptyValueDeletes() {
        write("a", "1", "b", "2");
        write("a", "");
        assertThat(get("a")).isNull();
        assertThat(multiGet("a", "b", "c")).containsExactly(null, "2", null);
    }

    @Test
    void whatIsIngestedReplacesWhatABatchWroteAndTheOtherWayRound() {
        write("a", "1", "b", "1", "c", "1");
        table("file1", "a", "2", "b", "");
        store.ingest(List.of("file1"));
        assertThat(multiGet("a", "b", "c")).containsExactly("2", null, "1");
        write("a", "3", "b", "3");
        assertThat(multiGet("a", "b", "c")).containsExactly("3", "3", "1");
    }

    @Test
    void ofTwoIngestedFilesTheLaterCounts() {
        table("file1", "a", "1", "b", "1");
        table("file2", "b", "2", "c", "2");
        store.ingest(List.of("file2"));
        store.ingest(List.of("file1"));
        assertThat(multiGet("a", "b", "c")).containsExactly("1", "1", "2");
    }

    @Test
    void filesThatAreIngestedTogetherMayOverlapAndTheLaterCounts() {
        table("file1", "a", "1", "c", "1", "e", "1");
        table("file2", "b", "2", "c", "2", "d", "2");
        table("file3", "x", "3");
        store.ingest(List.of("file1", "file2", "file3"));
        assertThat(multiGet("a", "b", "c", "d", "e", "x")).containsExactly("1", "2", "2", "2", "1", "3");
    }

    @Test
    void anIngestedFileStaysAsItWasAndMayGo() {
        table("dir/file1", "a", "1", "b", "");
        byte[] before = disk.read("dir/file1");
        write("b", "0");
        store.ingest(List.of("dir/file1"));
        assertThat(disk.read("dir/file1")).isEqualTo(before);
        disk.delete("dir/file1");
        assertThat(multiGet("a", "b")).containsExactly("1", null);
    }

    @Test
    void aTableShowsItsEntriesInOrderWithDeletions() {
        table("file1", "a", "1", "aa", "", "b", "2");
        assertThat(entries("file1")).containsExactly("a=1", "aa=", "b=2");
        store.ingest(List.of("file1"));
        assertThat(entries("file1")).containsExactly("a=1", "aa=", "b=2");
    }

    @Test
    void aTableOfOneStoreServesAnother() {
        table("file1", "a", "1");
        try (SortedStore other = stores(disk).open("other", 1 << 20)) {
            other.ingest(List.of("file1"));
            byte[] key = bytes("a");
            assertThat(other.get(key, 0, key.length)).isEqualTo(bytes("1"));
        }
    }

    @Test
    void holdsLargeKeysAndValues() {
        String key = "k".repeat(5000);
        String value = "v".repeat(300_000);
        table("file1", key, value);
        store.ingest(List.of("file1"));
        assertThat(get(key)).isEqualTo(value);
        assertThat(entries("file1")).containsExactly(key + "=" + value);
    }

    @Test
    void ordersKeysByUnsignedBytes() {
        try (SortedStore.TableWriter out = store.newTable("file1")) {
            out.add(new byte[] {1}, 0, 1, new byte[] {1}, 0, 1);
            out.add(new byte[] {(byte) 0x80}, 0, 1, new byte[] {2}, 0, 1);
            out.add(new byte[] {(byte) 0xFF}, 0, 1, new byte[] {3}, 0, 1);
            out.finish();
        }
        store.ingest(List.of("file1"));
        assertThat(store.get(new byte[] {0, (byte) 0x80}, 1, 1)).containsExactly(2);
    }

    @Test
    void refusesAFileThatIsNotATable() throws Exception {
        try (var out = disk.create("file1")) {
            out.write(bytes("this is no table file, and is long enough to be one of them"));
        }
        assertThatThrownBy(() -> store.ingest(List.of("file1")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("file1");
    }

    @Test
    void agreesWithASortedMapOverManyWrites() {
        Chance chance = new Chance(42);
        TreeMap<String, String> expected = new TreeMap<>();
        for (int round = 0; round < 60; round++) {
            TreeMap<String, String> batch = new TreeMap<>();
            for (int i = chance.below(50); i >= 0; i--) {
                batch.put("key" + chance.below(200), chance.oneIn(4) ? "" : "v" + chance.below(1000));
            }
            List<String> flat = new ArrayList<>();
            batch.forEach((key, value) -> {
                flat.add(key);
                flat.add(value);
                if (value.isEmpty()) {
                    expected.remove(key);
                } else {
                    expected.put(key, value);
                }
            });
            if (chance.oneIn(2)) {
                table("file" + round, flat.toArray(new String[0]));
                store.ingest(List.of("file" + round));
                disk.delete("file" + round);
            } else {
                write(flat.toArray(new String[0]));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(get("key" + i)).as("key%d in round %d", i, round).isEqualTo(expected.get("key" + i));
            }
        }
    }

    private void write(String... keysAndValues) {
        DataWriter out = new DataWriter();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            byte[] key = bytes(keysAndValues[i]);
            byte[] value = bytes(keysAndValues[i + 1]);
            EntryBytes.append(out, key, 0, key.length, value, 0, value.length);
        }
        store.write(new EntryBytes(out.array(), 0, out.size()));
    }

    private void table(String file, String... keysAndValues) {
        try (SortedStore.TableWriter out = store.newTable(file)) {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                byte[] key = bytes(keysAndValues[i]);
                byte[] value = bytes(keysAndValues[i + 1]);
                out.add(key, 0, key.length, value, 0, value.length);
            }
            out.finish();
        }
    }

    private @Nullable String get(String key) {
        byte[] bytes = bytes("x" + key);
        return text(store.get(bytes, 1, bytes.length - 1));
    }

    private List<@Nullable String> multiGet(String... keys) {
        List<@Nullable String> found = new ArrayList<>();
        store.multiGet(Arrays.stream(keys).map(SortedStoreConformance::bytes).toList())
                .forEach(value -> found.add(text(value)));
        return found;
    }

    private List<String> entries(String file) {
        List<String> found = new ArrayList<>();
        try (EntryCursor cursor = store.openTable(file)) {
            while (cursor.next()) {
                found.add(new String(cursor.keyBytes(), cursor.keyOffset(), cursor.keyLength(), StandardCharsets.UTF_8)
                        + "="
                        + new String(
                                cursor.valueBytes(),
                                cursor.valueOffset(),
                                cursor.valueLength(),
                                StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
