package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.api.type.Default;
import dev.holdfast.engine.graph.KeyGroupRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The bytes of manifests, log slots, markers and packs. If one changes, jobs that run today cannot be restored tomorrow: a
 * change that evolution reads gets a new file beside the old one, which must stay readable.
 */
class GoldenCheckpointFilesTest {
    private static final ManifestRef REF =
            new ManifestRef("checkpoints/00000000000000000007/manifest-3-abc", 1234, 0xCAFEBABE);

    private static final Optional<RestoreIdentity> ASKED =
            Optional.of(new RestoreIdentity("savepoint ns/j/i/savepoints/s/", "2"));

    private static Map<String, LogEntry> slots(Optional<RestoreIdentity> honoured, long idle) {
        Map<String, LogEntry> slots = new LinkedHashMap<>();
        slots.put("begin", entry(3, begin(new RestoredFrom.Checkpoint(6, 2), honoured, 0)));
        slots.put("begin-empty", entry(3, begin(new RestoredFrom.Nothing(), Optional.empty(), idle)));
        slots.put(
                "begin-savepoint", entry(3, begin(new RestoredFrom.Savepoint("ns/j/i/savepoints/s/"), honoured, idle)));
        slots.put("completed", entry(4, new LogRecord.Completed(7, REF, true)));
        slots.put("savepoint", entry(5, new LogRecord.Savepoint(8, "s", REF)));
        slots.put("collected", entry(5, new LogRecord.Collected(4, honoured)));
        slots.put("end", entry(6, new LogRecord.End(LogRecord.Reason.SUSPENDED, "upgrade", Optional.of("s"))));
        return slots;
    }

    private static LogRecord.Begin begin(RestoredFrom restored, Optional<RestoreIdentity> honoured, long idle) {
        return new LogRecord.Begin("host-1", restored, honoured, idle);
    }

    private static LogEntry entry(long slot, LogRecord record) {
        return new LogEntry(slot, 3, "0123456789abcdefghij", 1_767_225_600_000L, record);
    }

    static Manifest manifest() {
        String pack = "checkpoints/00000000000000000007/pack-3-w1-abc";
        Opaque schema = new Opaque(new byte[] {1, 9});
        List<StateManifest.SchemaVersion> schemas = List.of(
                new StateManifest.SchemaVersion(1, schema),
                new StateManifest.SchemaVersion(2, new Opaque(new byte[] {1, 5})));
        Segment run = new Segment(
                "runs/2-5-xyz.sst", 0, 9_000_000_000L, Segment.Format.SST, new KeyGroupRange(0, 0), 100_000, -1);
        Segment delta = new Segment(pack, 5, 77, Segment.Format.ENTRIES, new KeyGroupRange(0, 0), 3, 0x12345678);
        return new Manifest(
                new JobRoot("default", "wordcount", "a1"),
                7,
                Manifest.Kind.CHECKPOINT,
                3,
                1_767_225_600_000L,
                "f00d",
                2,
                List.of(
                        new OperatorManifest(
                                "in",
                                0,
                                OperatorManifest.Kind.SOURCE,
                                1,
                                Optional.empty(),
                                List.of(),
                                List.of(new SubtaskManifest(
                                        0,
                                        List.of(),
                                        List.of(),
                                        Optional.of(new Slice(pack, 82, 10, 5)),
                                        Optional.empty()))),
                        new OperatorManifest(
                                "count",
                                1,
                                OperatorManifest.Kind.KEYED,
                                1,
                                Optional.of(schema),
                                List.of(new StateManifest("total", 1, StateManifest.Kind.VALUE, 60_000, schemas)),
                                List.of(new SubtaskManifest(
                                        0,
                                        List.of(
                                                new KeyedSegments(0, new KeyGroupRange(0, 0), List.of(run, delta)),
                                                new KeyedSegments(1, new KeyGroupRange(1, 1), List.of())),
                                        List.of(),
                                        Optional.empty(),
                                        Optional.empty()))),
                        new OperatorManifest(
                                "out",
                                2,
                                OperatorManifest.Kind.SINK,
                                1,
                                Optional.empty(),
                                List.of(new StateManifest("names", 0, StateManifest.Kind.OPERATOR_LIST, 0, schemas)),
                                List.of(new SubtaskManifest(
                                        0,
                                        List.of(),
                                        List.of(new OperatorStateRef(
                                                "names", 2, new Slice(pack, 92, 9, 6), List.of(0, 4))),
                                        Optional.empty(),
                                        Optional.of(new Slice(pack, 101, 3, 7)))))),
                List.of(new EnumeratorManifest("in", new Blob.Inline(new Opaque(new byte[] {1, 2, 3})))),
                104,
                9_000_000_104L);
    }

    @TestFactory
    Stream<DynamicTest> bytesStayAsTheyAre() {
        Stream<DynamicTest> slots = slots(ASKED, 2).entrySet().stream()
                .map(slot -> test("log-2-" + slot.getKey(), StoredFormat.LOG_ENTRY, slot.getValue()));
        return Stream.concat(
                slots,
                Stream.of(
                        test("manifest", StoredFormat.MANIFEST, manifest()),
                        test("marker", StoredFormat.MARKER, new StoredFormat.Marker(4, 3, "0123456789abcdefghij")),
                        DynamicTest.dynamicTest("pack", () -> matches("pack", pack()))));
    }

    /** Written before Begins said which request they had honoured, and which Begins they replace. */
    @TestFactory
    Stream<DynamicTest> logSlotsOfTheFirstFormStayReadable() {
        return slots(Optional.empty(), 0).entrySet().stream()
                .map(slot -> DynamicTest.dynamicTest(
                        slot.getKey(),
                        () -> assertThat(StoredFormat.LOG_ENTRY.decode(slot.getKey(), golden("log-" + slot.getKey())))
                                .isEqualTo(slot.getValue())));
    }

    @Test
    void theManifestIsOneThatCouldBeWritten() {
        ManifestInvariants.check("golden", manifest());
    }

    @Test
    void noManifestIsAsShortAsTheMarkerOfASavepointThatWasGivenUp() {
        Manifest m = manifest();
        Manifest least = new Manifest(m.job(), 1, m.kind(), 1, 0, "", 1, List.of(), List.of(), 0, 0);
        assertThat(StoredFormat.MANIFEST.encode(least).length).isGreaterThan(Collection.MAX_MARKER_BYTES);
        StoredFormat.Marker marker = new StoredFormat.Marker(Long.MAX_VALUE, Long.MAX_VALUE, "0123456789abcdefghij");
        assertThat(StoredFormat.MARKER.encode(marker).length).isLessThan(Collection.MAX_MARKER_BYTES);
    }

    private static <T> DynamicTest test(String name, StoredFormat<T> format, T value) {
        return DynamicTest.dynamicTest(name, () -> {
            byte[] golden = matches(name, format.encode(value));
            assertThat(format.decode(name, golden)).isEqualTo(value);
        });
    }

    private static byte[] pack() throws IOException {
        PackWriter pack = new PackWriter("p");
        pack.append("splits 0", new byte[] {1, 2, 3});
        pack.append("committables 0", new byte[] {4});
        return pack.finish().open().readAllBytes();
    }

    private static byte[] matches(String name, byte[] bytes) throws IOException {
        byte[] golden = golden(name);
        String hex = HexFormat.of().formatHex(bytes);
        if (golden.length == 0) {
            return fail("no golden file " + name + ". If the format is new, put this there:\n" + hex);
        }
        assertThat(hex).isEqualTo(HexFormat.of().formatHex(golden));
        return golden;
    }

    /** The bytes of a golden file; none if there is no file. */
    private static byte[] golden(String name) throws IOException {
        String file = "/golden/checkpoint/" + name + ".hex";
        try (InputStream in = GoldenCheckpointFilesTest.class.getResourceAsStream(file)) {
            String hex = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }

    /** A value as an older version knew it. */
    record Before(String name) {}

    /** The same, with a component added. */
    record After(String name, @Default("7") int size, Optional<String> note) {}

    @Test
    void whatAnOlderVersionWroteIsReadByTheRulesOfState() {
        byte[] old = new StoredFormat<>(9, "test value", Before.class).encode(new Before("x"));
        assertThat(new StoredFormat<>(9, "test value", After.class).decode("k", old))
                .isEqualTo(new After("x", 7, Optional.empty()));
    }
}
