package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.env.host.DirectoryDisk;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.Reader;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bytes of keyed state: stored keys, stored values, segments. A file that differs means that checkpoints in the field
 * cannot be read any more: correct the code, not the file. A new file is made by hand from what the failing test prints.
 */
class GoldenStateFilesTest {
    private static final int MAX_PARALLELISM = 128;
    private static final int BYTES_PER_LINE = 40;
    private static final long EXPIRES_MS = 1_767_225_600_000L;

    private static final TypeSerializer<Object> LONG = Unchecked.serializer(TypeSerializers.of(Type.of(Long.class)));
    private static final TypeSerializer<Object> TEXT = Unchecked.serializer(TypeSerializers.of(Type.of(String.class)));
    private static final List<Reader<Object>> TEXTS = List.of(TEXT::read);
    /** The second schema version is the one of today; under the first one numbers were written. */
    private static final List<Reader<Object>> EVOLVED = List.of(in -> "number " + LONG.read(in), TEXT::read);

    @TempDir
    Path directory;

    // Keys.

    private record Key(int operatorId, int stateId, Object key, int part) {
        TypeSerializer<Object> serializer() {
            return Unchecked.serializer(
                    key instanceof Long
                            ? TypeSerializers.ofKey(Type.of(Long.class))
                            : TypeSerializers.ofKey(Type.of(String.class)));
        }

        byte[] bytes() {
            DataWriter out = new DataWriter();
            int hash = new KeyCodec<>(serializer()).hash(key);
            new KeyWriter(operatorId, MAX_PARALLELISM, serializer()).write(stateId, key, hash, part, out);
            return out.toByteArray();
        }
    }

    private static Map<String, Key> keys() {
        Map<String, Key> keys = new LinkedHashMap<>();
        keys.put("key-long", new Key(1, 0, 42L, Entry.ROOT));
        keys.put("key-text", new Key(0xABCD, 0x1234, "Grüße", Entry.ROOT));
        keys.put("key-text-empty", new Key(1, 2, "", Entry.ROOT));
        keys.put("key-part-first", new Key(3, 1, "cart", 0));
        keys.put("key-part", new Key(3, 1, "cart", 0x01020304));
        keys.put("key-of-127-bytes", new Key(2, 7, "a".repeat(126), Entry.ROOT));
        keys.put("key-of-202-bytes", new Key(2, 7, "b".repeat(200), 9));
        return keys;
    }

    @TestFactory
    Stream<DynamicTest> storedKeysAreWhatTheyWere() {
        return keys().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    Key key = each.getValue();
                    byte[] stored = golden(each.getKey(), key.bytes());
                    DataReader in = new DataReader(stored);
                    assertThat(bigEndian(in, 2)).isEqualTo(key.operatorId);
                    assertThat(bigEndian(in, 2))
                            .isEqualTo(KeyWriter.keyGroup(stored, 0))
                            .isBetween(0L, MAX_PARALLELISM - 1L);
                    assertThat(bigEndian(in, 2)).isEqualTo(key.stateId).isEqualTo(KeyWriter.stateId(stored, 0));
                    int length = in.readVarInt();
                    int before = in.remaining();
                    assertThat(key.serializer().read(in)).isEqualTo(key.key);
                    assertThat(before - in.remaining()).isEqualTo(length);
                    if (key.part != Entry.ROOT) {
                        assertThat(bigEndian(in, 4)).isEqualTo(key.part);
                    }
                    assertThat(in.remaining()).isZero();
                }));
    }

    private static long bigEndian(DataReader in, int bytes) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | in.readByte() & 0xFF;
        }
        return number;
    }

    // Values.

    private record Value(ValueCodec codec, Object value, String text) {
        byte[] bytes() {
            DataWriter out = new DataWriter();
            codec.write(value, out);
            return out.toByteArray();
        }
    }

    private static Elements elements(Object... elements) {
        Elements all = new Elements();
        for (Object element : elements) {
            all.add(element, 1);
        }
        return all;
    }

    private static Pairs pairs(Object... keysAndValues) {
        Pairs all = new Pairs();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            all.put(keysAndValues[i], keysAndValues[i + 1], 1);
        }
        return all;
    }

    private static Map<String, Value> values() {
        ValueCodec single = ValueCodec.single(TEXT, TEXTS, 0, false);
        ValueCodec singleTtl = ValueCodec.single(TEXT, TEXTS, 0, true);
        ValueCodec list = ValueCodec.list(TEXT, TEXTS, 0, false);
        ValueCodec listTtl = ValueCodec.list(TEXT, TEXTS, 0, true);
        ValueCodec map = ValueCodec.map(LONG, TEXT, TEXTS, 0, false);
        ValueCodec mapTtl = ValueCodec.map(LONG, TEXT, TEXTS, 0, true);
        Expiring early = new Expiring("early", EXPIRES_MS - 5);
        Expiring late = new Expiring("late", EXPIRES_MS);
        Map<String, Value> values = new LinkedHashMap<>();
        values.put("value", new Value(single, "some text", "some text"));
        values.put("value-expiring", new Value(singleTtl, late, "late@" + EXPIRES_MS));
        values.put(
                "value-never-expiring",
                new Value(singleTtl, new Expiring("never", Expiring.NEVER_MS), "never@" + Expiring.NEVER_MS));
        values.put("value-of-version-1", new Value(ValueCodec.single(TEXT, EVOLVED, 1, false), "new", "new"));
        values.put(
                "value-of-version-64",
                new Value(
                        ValueCodec.single(
                                TEXT,
                                Stream.generate(() -> (Reader<Object>) TEXT::read)
                                        .limit(65)
                                        .toList(),
                                64,
                                true),
                        late,
                        "late@" + EXPIRES_MS));
        values.put("list", new Value(list, elements("a", "", "c"), "[a, , c]"));
        values.put(
                "list-expiring",
                new Value(listTtl, elements(early, late), "[early@" + (EXPIRES_MS - 5) + ", late@" + EXPIRES_MS + "]"));
        values.put(
                "list-split", new Value(list, new Split(300, 70_000, Expiring.NEVER_MS), "parts 300 to 69999, never"));
        values.put(
                "list-split-expiring", new Value(listTtl, new Split(0, 2, EXPIRES_MS), "parts 0 to 1, " + EXPIRES_MS));
        values.put("map", new Value(map, pairs(7L, "seven", -1L, "minus one"), "[7=seven, -1=minus one]"));
        values.put(
                "map-expiring",
                new Value(
                        mapTtl,
                        pairs(7L, early, 8L, late),
                        "[7=early@" + (EXPIRES_MS - 5) + ", 8=late@" + EXPIRES_MS + "]"));
        values.put("map-split", new Value(map, new Split(0, 5, Expiring.NEVER_MS), "parts 0 to 4, never"));
        return values;
    }

    @TestFactory
    Stream<DynamicTest> storedValuesAreWhatTheyWere() {
        return values().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    Value value = each.getValue();
                    byte[] stored = golden(each.getKey(), value.bytes());
                    assertThat(text(value.codec.read(new DataReader(stored)))).isEqualTo(value.text);
                }));
    }

    @Test
    void aValueOfAnOlderVersionIsReadAsWhatItWas() throws IOException {
        DataWriter old = new DataWriter();
        ValueCodec.single(LONG, List.of(LONG::read), 0, true).write(new Expiring(99L, EXPIRES_MS), old);
        byte[] stored = golden("value-of-older-version", old.toByteArray());
        assertThat(ValueCodec.single(TEXT, EVOLVED, 1, false).read(new DataReader(stored)))
                .isEqualTo("number 99");
        assertThat(ValueCodec.storedExpiryMs(stored, 0, stored.length)).isEqualTo(EXPIRES_MS);
    }

    private static String text(Object value) {
        return switch (value) {
            case Expiring expiring -> expiring.value() + "@" + expiring.expiresMs();
            case Split split ->
                "parts " + split.first() + " to " + (split.end() - 1) + ", "
                        + (split.expiresMs() == Expiring.NEVER_MS ? "never" : split.expiresMs());
            case Elements elements -> {
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < elements.size(); i++) {
                    texts.add(text(elements.get(i)));
                }
                yield texts.toString();
            }
            case Pairs pairs ->
                pairs.map().entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + text(pair.getValue()))
                        .toList()
                        .toString();
            default -> value.toString();
        };
    }

    // Segments.

    private static final List<String> ENTRIES = List.of("a=first", "bb=", "c=" + "x".repeat(200));

    private static byte[] entryBytes() {
        DataWriter out = new DataWriter();
        for (String entry : ENTRIES) {
            String[] pair = entry.split("=", 2);
            byte[] key = pair[0].getBytes(StandardCharsets.UTF_8);
            byte[] value = pair[1].getBytes(StandardCharsets.UTF_8);
            EntryBytes.append(out, key, 0, key.length, value, 0, value.length);
        }
        return out.toByteArray();
    }

    private static List<String> read(EntryCursor cursor) {
        List<String> entries = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                entries.add(
                        new String(cursor.keyBytes(), cursor.keyOffset(), cursor.keyLength(), StandardCharsets.UTF_8)
                                + "="
                                + new String(
                                        cursor.valueBytes(),
                                        cursor.valueOffset(),
                                        cursor.valueLength(),
                                        StandardCharsets.UTF_8));
            }
        }
        return entries;
    }

    @Test
    void segmentsOfEntriesAreWhatTheyWere() throws IOException {
        byte[] stored = golden("segment-entries", entryBytes());
        assertThat(read(new EntryBytes(stored, 0, stored.length).cursor())).isEqualTo(ENTRIES);
    }

    /** Its bytes are RocksDB's and may change with it. What was written once must be readable, and go into a store. */
    @Test
    void aTableFileOfAnEarlierTimeIsRead() throws IOException {
        DirectoryDisk disk = new DirectoryDisk(directory);
        try (SortedStore store = RocksSortedStore.factory(disk).open("store", 1 << 20)) {
            byte[] stored = stored("segment-table");
            if (stored == null) {
                try (SortedStore.TableWriter table = store.newTable("made");
                        EntryCursor entries = new EntryBytes(entryBytes(), 0, entryBytes().length).cursor()) {
                    while (entries.next()) {
                        table.add(
                                entries.keyBytes(),
                                entries.keyOffset(),
                                entries.keyLength(),
                                entries.valueBytes(),
                                entries.valueOffset(),
                                entries.valueLength());
                    }
                    table.finish();
                }
                golden("segment-table", disk.read("made"));
                return;
            }
            try (OutputStream out = disk.create("table")) {
                out.write(stored);
            }
            assertThat(read(store.openTable("table"))).isEqualTo(ENTRIES);
            store.ingest(List.of("table"));
            assertThat(store.get(new byte[] {'a'}, 0, 1)).asString().isEqualTo("first");
            assertThat(store.get(new byte[] {'b', 'b'}, 0, 2)).isNull();
        }
    }

    /** The bytes of the golden file, which those written now must be. */
    private static byte[] golden(String name, byte[] written) throws IOException {
        byte[] stored = stored(name);
        if (stored == null) {
            return fail("no golden file src/test/resources/golden/state/" + name
                    + ".hex. If the format is new, put this there:\n" + hex(written));
        }
        assertThat(hex(written)).isEqualTo(hex(stored));
        return stored;
    }

    private static byte @Nullable [] stored(String name) throws IOException {
        try (InputStream stream = GoldenStateFilesTest.class.getResourceAsStream("/golden/state/" + name + ".hex")) {
            return stream == null
                    ? null
                    : HexFormat.of()
                            .parseHex(new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\n", ""));
        }
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i += BYTES_PER_LINE) {
            text.append(HexFormat.of().formatHex(bytes, i, Math.min(bytes.length, i + BYTES_PER_LINE)))
                    .append('\n');
        }
        return text.toString();
    }
}
