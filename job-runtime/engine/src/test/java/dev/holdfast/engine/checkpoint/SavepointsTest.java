package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.graph.KeyGroupRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SavepointsTest {
    private static final JobRoot ROOT = TestCoordinator.ROOT;
    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final Env env = TestProcess.env(bucket, 3);
    private final CheckpointStore store = new CheckpointStore(env, ROOT);
    private final Savepoints savepoints = new Savepoints(env, ROOT);
    private final TestCoordinator coordinator = new TestCoordinator("host", bucket, 2);

    @BeforeEach
    void aRunningJob() throws InterruptedException {
        coordinator.begin();
        coordinator.checkpoint(2);
        coordinator.checkpoint(2);
    }

    private Manifest last() {
        Manifest last = coordinator.last();
        if (last == null) {
            throw new AssertionError("no checkpoint was taken");
        }
        return last;
    }

    private List<byte[]> contents(String base, Manifest manifest) {
        List<byte[]> contents = new ArrayList<>();
        Reachability.forEach(manifest, (what, slice) -> contents.add(store.fetch(base, slice, what)));
        return contents;
    }

    @Test
    void aSavepointIsRestoredByAnotherJobWhenItsOwnIsGone() throws InterruptedException {
        List<byte[]> before = contents(ROOT.prefix(), last());
        savepoints.write("before-upgrade", last(), coordinator.writer(), () -> false);
        assertThat(savepoints.exists("before-upgrade")).isTrue();
        String directory = "default/wordcount/a1/savepoints/before-upgrade/";
        bucket.delete(TestCoordinator.keys(bucket).stream()
                .filter(key -> !key.startsWith(directory))
                .toList());
        // As a person would copy it, to another place and another job.
        for (String key : TestCoordinator.keys(bucket)) {
            bucket.put("other/clone/b2/savepoints/x/" + key.substring(directory.length()), Content.of(bucket.get(key)));
            bucket.delete(List.of(key));
        }
        JobRoot other = new JobRoot("other", "clone", "b2");
        RestorePoint point = new RestorePoints(env, other)
                .resolve(
                        new JobLog(env, other).read(),
                        new RestoreRequest.Savepoint("x"),
                        false,
                        RestorePoints.Verify.CHECKSUMS,
                        Set.of())
                .orElseThrow();
        assertThat(point.shared()).isFalse();
        assertThat(point.from()).isEqualTo(new RestoredFrom.Savepoint("other/clone/b2/savepoints/x/"));
        assertThat(point.manifest().kind()).isEqualTo(Manifest.Kind.SAVEPOINT);
        assertThat(point.manifest().checkpointId()).isEqualTo(2);
        assertThat(contents(point.base(), point.manifest()))
                .usingRecursiveComparison()
                .isEqualTo(before);
    }

    @Test
    void aPathWorksWithAndWithoutASlash() throws InterruptedException {
        savepoints.write("s", last(), coordinator.writer(), () -> false);
        RestorePoints restore = new RestorePoints(env, new JobRoot("a", "b", "c"));
        LogView empty = new LogView(1, List.of(), Set.of());
        for (String path : List.of("default/wordcount/a1/savepoints/s", "default/wordcount/a1/savepoints/s/")) {
            assertThat(restore.resolve(
                            empty, new RestoreRequest.Savepoint(path), false, RestorePoints.Verify.MANIFEST, Set.of()))
                    .map(RestorePoint::base)
                    .contains("default/wordcount/a1/savepoints/s/");
        }
    }

    @Test
    void noSavepointThereIsAnErrorThatNamesThePlace() {
        RestorePoints restore = new RestorePoints(env, ROOT);
        assertThatThrownBy(() -> restore.resolve(
                        coordinator.log().read(),
                        new RestoreRequest.Savepoint("nope"),
                        false,
                        RestorePoints.Verify.MANIFEST,
                        Set.of()))
                .hasMessageStartingWith("HF-CKP-009: no savepoint at 'default/wordcount/a1/savepoints/nope/' in memory")
                .hasMessageContaining("namespace/job/id/savepoints/name");
    }

    @Test
    void aSavepointThatLacksAnObjectIsNotRestoredWhateverIsVerified() throws InterruptedException {
        savepoints.write("s", last(), coordinator.writer(), () -> false);
        String object = TestCoordinator.keys(bucket).stream()
                .filter(key -> key.contains("/savepoints/s/data/"))
                .findFirst()
                .orElseThrow();
        bucket.delete(List.of(object));
        assertThatThrownBy(() -> new RestorePoints(env, ROOT)
                        .resolve(
                                coordinator.log().read(),
                                new RestoreRequest.Savepoint("s"),
                                true,
                                RestorePoints.Verify.MANIFEST,
                                Set.of()))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("object '" + object + "' is missing");
    }

    @Test
    void aNameIsUsedOnceUntilItIsDeleted() throws InterruptedException {
        Manifest first = last();
        ManifestRef ref = savepoints.write("s", first, coordinator.writer(), () -> false);
        assertThat(savepoints.write("s", first, coordinator.writer(), () -> false))
                .isEqualTo(ref);
        coordinator.checkpoint(2);
        assertThatThrownBy(() -> savepoints.write("s", last(), coordinator.writer(), () -> false))
                .hasMessage("HF-CKP-010: savepoint 'default/wordcount/a1/savepoints/s/' exists, or is being written, or"
                        + " was given up. Choose another name, or delete it first");
        savepoints.delete("s");
        savepoints.delete("s");
        assertThat(TestCoordinator.keys(bucket)).noneMatch(key -> key.contains("/savepoints/"));
        savepoints.write("s", last(), coordinator.writer(), () -> false);
        assertThat(savepoints.exists("s")).isTrue();
    }

    @Test
    void aNameThatIsNoPartOfAKeyIsRefused() {
        for (String bad : List.of("", "a/b", "..", ".x", "a b", "x".repeat(101))) {
            assertThatThrownBy(() -> savepoints.write(bad, last(), coordinator.writer(), () -> false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("savepoint '" + bad + "' cannot be part of a key");
        }
    }

    @Test
    void aDamagedObjectIsNotCopied() throws InterruptedException {
        Segment segment = TestCheckpoints.segments(last(), 2).stream()
                .findAny()
                .orElseGet(() -> TestCheckpoints.segments(last(), 3).getFirst());
        String key = ROOT.key(segment.object());
        byte[] bytes = bucket.get(key);
        bytes[(int) segment.offset()] ^= 1;
        bucket.put(key, Content.of(bytes));
        assertThatThrownBy(() -> savepoints.write("s", last(), coordinator.writer(), () -> false))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("object '" + key + "' is damaged");
        assertThat(savepoints.exists("s")).isFalse();
    }

    @Test
    void largeSegmentsAreStreamedIntoObjectsOfTheirOwn() throws InterruptedException {
        byte[] large = new byte[20 << 20];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 >> 7);
        }
        String name = JobRoot.run(coordinator.writer().generation(), 2, "large");
        store.writeData(name, Content.of(large));
        Segment segment = new Segment(
                name, 0, large.length, Segment.Format.SST, new KeyGroupRange(0, 0), 5, Checksums.crc32c(large));
        Manifest manifest = withSegment(last(), segment);
        ManifestRef ref = savepoints.write("big", manifest, coordinator.writer(), () -> false);
        String base = ROOT.key(JobRoot.savepoint("big"));
        Segment copy = TestCheckpoints.segments(store.readManifest(ref), 0).getFirst();
        assertThat(copy.offset()).isZero();
        assertThat(store.fetch(base, copy)).isEqualTo(large);

        byte[] flipped = bucket.get(ROOT.key(name));
        flipped[flipped.length - 1] ^= 1;
        bucket.put(ROOT.key(name), Content.of(flipped));
        assertThatThrownBy(() -> savepoints.write("big2", manifest, coordinator.writer(), () -> false))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining(ROOT.key(name));
    }

    private static Manifest withSegment(Manifest manifest, Segment segment) {
        List<OperatorManifest> operators = new ArrayList<>(manifest.operators());
        OperatorManifest count = operators.get(1);
        List<SubtaskManifest> subtasks = new ArrayList<>(count.subtasks());
        List<KeyedSegments> keyed = new ArrayList<>(subtasks.getFirst().keyed());
        keyed.set(0, new KeyedSegments(0, keyed.getFirst().valid(), List.of(segment)));
        subtasks.set(0, new SubtaskManifest(0, keyed, List.of(), Optional.empty(), Optional.empty()));
        operators.set(
                1,
                new OperatorManifest(
                        count.name(),
                        1,
                        count.kind(),
                        count.parallelism(),
                        count.keySchema(),
                        count.states(),
                        subtasks));
        return new Manifest(
                manifest.job(),
                manifest.checkpointId(),
                manifest.kind(),
                manifest.generation(),
                manifest.createdWallMs(),
                manifest.planFingerprint(),
                manifest.maxParallelism(),
                operators,
                manifest.enumerators(),
                manifest.incrementalBytes(),
                manifest.fullBytes());
    }
}
