package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Randomness;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.graph.KeyGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes checkpoints as a job of a source, a keyed operator and a sink would, with two subtasks each: every checkpoint refers to
 * segments of the one before, folds some of them away, and adds its own in a pack and in runs.
 */
final class TestCheckpoints {
    static final int MAX_PARALLELISM = 8;
    static final int PARALLELISM = 2;

    private final Env env;
    private final JobRoot root;
    private final CheckpointStore store;

    TestCheckpoints(Env env, JobRoot root) {
        this.env = env;
        this.root = root;
        this.store = new CheckpointStore(env, root);
    }

    /** Uploads the objects of a checkpoint that follows another, and makes its manifest. */
    Manifest upload(long checkpointId, long generation, @Nullable Manifest previous) throws InterruptedException {
        Randomness chance = env.randomness();
        String packName = JobRoot.pack(checkpointId, generation, "w1", chance.uniqueName());
        PackWriter pack = new PackWriter(packName);
        List<SubtaskManifest> sources = new ArrayList<>();
        List<SubtaskManifest> counts = new ArrayList<>();
        List<SubtaskManifest> sinks = new ArrayList<>();
        for (int i = 0; i < PARALLELISM; i++) {
            Slice splits = pack.append("splits " + i, bytes("split " + checkpointId, chance.nextInt(20)));
            sources.add(new SubtaskManifest(i, List.of(), List.of(), Optional.of(splits), Optional.empty()));
            counts.add(new SubtaskManifest(
                    i,
                    keyed(i, checkpointId, generation, previous, pack),
                    List.of(),
                    Optional.empty(),
                    Optional.empty()));
            Slice committables = pack.append("committables " + i, bytes("commit " + checkpointId, 3));
            Slice elements = pack.append("names " + i, bytes("elements", 2));
            sinks.add(new SubtaskManifest(
                    i,
                    List.of(),
                    List.of(new OperatorStateRef("names", 1, elements, List.of(0, 4))),
                    Optional.empty(),
                    Optional.of(committables)));
        }
        Slice enumerator = pack.append("enumerator", bytes("files", 5));
        store.writeData(packName, pack.finish());
        return manifest(checkpointId, generation, sources, counts, sinks, new Blob.Stored(enumerator));
    }

    Manifest manifest(
            long checkpointId,
            long generation,
            List<SubtaskManifest> sources,
            List<SubtaskManifest> counts,
            List<SubtaskManifest> sinks,
            Blob enumerator) {
        Opaque schema = new Opaque(new byte[] {1, 9});
        List<StateManifest.SchemaVersion> schemas = List.of(new StateManifest.SchemaVersion(1, schema));
        return new Manifest(
                root,
                checkpointId,
                Manifest.Kind.CHECKPOINT,
                generation,
                1_000_000 + checkpointId,
                "fingerprint",
                MAX_PARALLELISM,
                List.of(
                        new OperatorManifest(
                                "in",
                                0,
                                OperatorManifest.Kind.SOURCE,
                                PARALLELISM,
                                Optional.empty(),
                                List.of(),
                                sources),
                        new OperatorManifest(
                                "count",
                                1,
                                OperatorManifest.Kind.KEYED,
                                PARALLELISM,
                                Optional.of(schema),
                                List.of(new StateManifest("total", 1, StateManifest.Kind.VALUE, 0, schemas)),
                                counts),
                        new OperatorManifest(
                                "out",
                                2,
                                OperatorManifest.Kind.SINK,
                                PARALLELISM,
                                Optional.empty(),
                                List.of(new StateManifest("names", 0, StateManifest.Kind.OPERATOR_LIST, 0, schemas)),
                                sinks)),
                List.of(new EnumeratorManifest("in", enumerator)),
                100,
                200);
    }

    private List<KeyedSegments> keyed(
            int subtask, long checkpointId, long generation, @Nullable Manifest previous, PackWriter pack)
            throws InterruptedException {
        List<KeyedSegments> keyed = new ArrayList<>();
        KeyGroupRange range = KeyGroups.range(subtask, PARALLELISM, MAX_PARALLELISM);
        for (int group = range.from(); group <= range.to(); group++) {
            int bucket = KeyGroups.bucket(group, MAX_PARALLELISM);
            KeyGroupRange valid = new KeyGroupRange(group, group);
            List<Segment> segments = new ArrayList<>(previous == null ? List.of() : segments(previous, bucket));
            int change = env.randomness().nextInt(4);
            if (change == 0) {
                segments.clear();
            }
            if (change <= 2) {
                byte[] content = bytes(
                        "segment of " + bucket + " in " + checkpointId,
                        env.randomness().nextInt(30));
                segments.add(
                        change == 1 ? run(content, valid, checkpointId, generation) : packed(content, valid, pack));
            }
            keyed.add(new KeyedSegments(bucket, valid, segments));
        }
        return keyed;
    }

    private Segment run(byte[] content, KeyGroupRange valid, long checkpointId, long generation)
            throws InterruptedException {
        String name = JobRoot.run(generation, checkpointId, env.randomness().uniqueName());
        store.writeData(name, Content.of(content));
        return new Segment(name, 0, content.length, Segment.Format.SST, valid, 1, Checksums.crc32c(content));
    }

    private static Segment packed(byte[] content, KeyGroupRange valid, PackWriter pack) {
        return pack.appendSegment(
                "segment " + valid, Content.of(content), Checksums.crc32c(content), Segment.Format.ENTRIES, valid, 1);
    }

    static List<Segment> segments(Manifest manifest, int bucket) {
        return manifest.operators().stream()
                .flatMap(operator -> operator.subtasks().stream())
                .flatMap(subtask -> subtask.keyed().stream())
                .filter(keyed -> keyed.bucket() == bucket)
                .flatMap(keyed -> keyed.segments().stream())
                .toList();
    }

    private byte[] bytes(String text, int more) {
        byte[] start = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] bytes = java.util.Arrays.copyOf(start, start.length + more);
        for (int i = start.length; i < bytes.length; i++) {
            bytes[i] = (byte) env.randomness().nextInt(256);
        }
        return bytes;
    }
}
