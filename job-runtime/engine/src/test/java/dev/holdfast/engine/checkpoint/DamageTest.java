package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever is done to an object of a job, it is noticed before it is used, and named. */
class DamageTest {
    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final Env env = TestProcess.env(bucket, 1);
    private final JobRoot root = TestCoordinator.ROOT;
    private final JobLog log = new JobLog(env, root);
    private final CheckpointStore store = new CheckpointStore(env, root);
    private final RestorePoints restore = new RestorePoints(env, root);
    private LogView view = new LogView(1, List.of(), Set.of());

    @BeforeEach
    void twoCheckpoints() throws InterruptedException {
        TestCoordinator coordinator = new TestCoordinator("test", bucket, 5);
        coordinator.begin();
        coordinator.checkpoint(0);
        coordinator.checkpoint(0);
        view = log.read();
    }

    private String newestManifestKey() {
        LogRecord.Completed completed =
                (LogRecord.Completed) view.completed().getLast().record();
        return root.key(completed.manifest().name());
    }

    private Manifest newest() {
        return CheckpointStore.decode(newestManifestKey(), bucket.get(newestManifestKey()));
    }

    private Optional<RestorePoint> latest(boolean allowOlder, RestorePoints.Verify verify) {
        return restore.resolve(view, new RestoreRequest.Latest(), allowOlder, verify, Set.of());
    }

    /** Every shorter length, and every byte with a bit turned over. */
    private void inEveryWay(String key, Consumer<String> check) {
        byte[] sound = bucket.get(key);
        for (int length = 0; length < sound.length; length++) {
            bucket.put(key, Content.of(Arrays.copyOf(sound, length)));
            check.accept(key + " cut to " + length);
        }
        for (int i = 0; i < sound.length; i++) {
            byte[] flipped = sound.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            bucket.put(key, Content.of(flipped));
            check.accept(key + " with byte " + i + " changed");
        }
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        bucket.put(key, Content.of(longer));
        check.accept(key + " made longer");
        bucket.put(key, Content.of(sound));
    }

    @Test
    void aDamagedLogSlotStopsTheStartAndIsNamed() {
        String key = log.slotKey(2);
        inEveryWay(
                key,
                how -> assertThatThrownBy(log::read)
                        .as(how)
                        .isInstanceOf(SnapshotException.class)
                        .hasMessageContaining("object '" + key + "' is damaged")
                        .hasMessageContaining("expected")
                        .hasMessageContaining("found"));
    }

    @Test
    void aMissingLogSlotIsNamedAndSaysWhatToDo() {
        bucket.delete(List.of(log.slotKey(2)));
        assertThatThrownBy(log::read)
                .isInstanceOf(HoldfastException.class)
                .hasMessageStartingWith("HF-CKP-002: object 'default/wordcount/a1/log/00000000000000000002' is missing")
                .hasMessageContaining("must have every slot from 1 to 3")
                .hasMessageContaining("Bring it back");
    }

    @Test
    void aMissingFirstSlotAboveTheBoundaryIsNamed() throws InterruptedException {
        TestCoordinator coordinator = new TestCoordinator("second", bucket, 6);
        coordinator.begin();
        coordinator.checkpoint(1);
        LogView collected = log.read();
        assertThat(collected.boundary()).isGreaterThan(1);
        bucket.delete(List.of(log.slotKey(collected.boundary())));
        assertThatThrownBy(log::read).hasMessageContaining("HF-CKP-002").hasMessageContaining("is missing");
    }

    @Test
    void aSlotInTheWrongPlaceIsNoticed() {
        bucket.put(log.slotKey(3), Content.of(bucket.get(log.slotKey(2))));
        assertThatThrownBy(log::read).hasMessageContaining("expected slot 3, found slot 2");
    }

    @Test
    void aDamagedManifestIsNamedWithItsCheckpointAndTheSetting() {
        inEveryWay(
                newestManifestKey(),
                how -> assertThatThrownBy(() -> latest(false, RestorePoints.Verify.MANIFEST))
                        .as(how)
                        .isInstanceOf(HoldfastException.class)
                        .hasMessageStartingWith(
                                "HF-CKP-011: job default/wordcount/a1 cannot be restored: checkpoint 2: HF-CKP-003")
                        .hasMessageContaining(newestManifestKey())
                        .hasMessageContaining("checkpoint.restore-older-when-damaged"));
    }

    @Test
    void aMissingManifestIsNamed() {
        bucket.delete(List.of(newestManifestKey()));
        assertThatThrownBy(() -> latest(false, RestorePoints.Verify.MANIFEST))
                .hasMessageContaining("HF-CKP-004: object '" + newestManifestKey() + "' is missing")
                .hasMessageContaining("checkpoint 2");
    }

    @Test
    void theNextOlderIsUsedOnlyWhereTheSettingAllowsItAndIsReported() {
        bucket.delete(List.of(newestManifestKey()));
        RestorePoint point = latest(true, RestorePoints.Verify.MANIFEST).orElseThrow();
        assertThat(point.manifest().checkpointId()).isEqualTo(1);
        assertThat(point.from()).isEqualTo(new RestoredFrom.Checkpoint(1, 2));
        assertThat(point.skipped()).singleElement().asString().contains("checkpoint 2", newestManifestKey(), "missing");
    }

    @Test
    void aCheckpointThatWorkersFoundDamagedIsNotChosenAgain() {
        assertThatThrownBy(() -> restore.resolve(
                        view, new RestoreRequest.Latest(), false, RestorePoints.Verify.MANIFEST, Set.of(2L)))
                .hasMessageContaining("HF-CKP-011")
                .hasMessageContaining("checkpoint 2: restoring it failed");
        assertThat(restore.resolve(view, new RestoreRequest.Latest(), true, RestorePoints.Verify.MANIFEST, Set.of(2L)))
                .hasValueSatisfying(
                        point -> assertThat(point.manifest().checkpointId()).isEqualTo(1));
    }

    @Test
    void whereAllAreDamagedNothingIsRestored() {
        bucket.delete(TestCoordinator.keys(bucket).stream()
                .filter(key -> key.contains("/manifest-"))
                .toList());
        assertThatThrownBy(() -> latest(true, RestorePoints.Verify.MANIFEST))
                .hasMessageContaining("checkpoint 2: ")
                .hasMessageContaining("checkpoint 1: ")
                .hasMessageContaining("No older checkpoint is retained");
    }

    @Test
    void everyByteThatAManifestPointsAtIsVerified() {
        Reachability.forEach(newest(), (what, slice) -> {
            String key = root.key(slice.object());
            byte[] sound = bucket.get(key);
            for (long at = slice.offset(); at < slice.offset() + slice.length(); at++) {
                byte[] flipped = sound.clone();
                flipped[(int) at] ^= 4;
                bucket.put(key, Content.of(flipped));
                assertThatThrownBy(() -> latest(false, RestorePoints.Verify.CHECKSUMS))
                        .hasMessageContaining("checkpoint 2: HF-CKP-003: object '" + key + "' is damaged")
                        .hasMessageContaining("expected CRC32C " + Checksums.hex(slice.crc32c()) + ", found ");
            }
            bucket.put(key, Content.of(sound));
        });
    }

    @Test
    void aShortOrMissingObjectIsNoticedBySizesAlone() {
        for (Map.Entry<String, Long> object : Reachability.neededBytes(newest()).entrySet()) {
            String key = root.key(object.getKey());
            byte[] sound = bucket.get(key);
            for (int length = 0; length < object.getValue(); length++) {
                bucket.put(key, Content.of(Arrays.copyOf(sound, length)));
                assertThatThrownBy(() -> latest(false, RestorePoints.Verify.SIZES))
                        .hasMessageContaining(
                                "object '" + key + "' is damaged: last of " + object.getValue() + " bytes");
            }
            bucket.delete(List.of(key));
            assertThatThrownBy(() -> latest(false, RestorePoints.Verify.SIZES))
                    .hasMessageContaining("object '" + key + "' is missing");
            bucket.put(key, Content.of(sound));
        }
        assertThat(latest(false, RestorePoints.Verify.CHECKSUMS)).isPresent();
    }

    @Test
    void aFetchedSegmentIsTheOneThatWasWrittenOrNone() {
        Segment segment = TestCheckpoints.segments(newest(), 0).stream()
                .findFirst()
                .orElseGet(() -> TestCheckpoints.segments(newest(), 1).getFirst());
        MemoryDisk disk = new MemoryDisk();
        store.fetchTo(store.base(), segment, disk, "run");
        assertThat(disk.read("run")).isEqualTo(store.fetch(store.base(), segment));
        assertThat(Checksums.crc32c(disk.read("run"))).isEqualTo(segment.crc32c());
        String key = root.key(segment.object());
        byte[] flipped = bucket.get(key);
        flipped[(int) segment.offset()] ^= 1;
        bucket.put(key, Content.of(flipped));
        assertThatThrownBy(() -> store.fetchTo(store.base(), segment, disk, "run"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("object '" + key + "' is damaged: segment of key groups " + segment.keyGroups());
        assertThat(disk.exists("run")).isFalse();
    }

    @Test
    void aDamagedRetainedManifestKeepsTheCollectionFromDeletingAnything() throws InterruptedException {
        TestCoordinator coordinator = new TestCoordinator("second", bucket, 6);
        coordinator.begin();
        coordinator.checkpoint(0);
        String key = newestManifestKey();
        bucket.put(key, Content.of(new byte[] {1, 2, 3}));
        List<String> before = TestCoordinator.keys(bucket);
        assertThatThrownBy(() -> coordinator.collect(2))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining(key);
        assertThatThrownBy(coordinator::sweep).isInstanceOf(SnapshotException.class);
        assertThat(TestCoordinator.keys(bucket)).isEqualTo(before);
    }

    @Test
    void aManifestOfANewerFormatIsNotCalledDamaged() {
        byte[] bytes = bucket.get(newestManifestKey());
        bytes[4] = 2;
        int end = bytes.length - 4;
        int crc = Checksums.crc32c(bytes, 0, end);
        for (int i = 0; i < 4; i++) {
            bytes[end + i] = (byte) (crc >>> (8 * i));
        }
        assertThatThrownBy(() -> CheckpointStore.decode("m", bytes))
                .hasMessageStartingWith("HF-CKP-006: object 'm' has format 2; this version reads formats up to 1")
                .hasMessageContaining("Start the job with the version that wrote it");
    }
}
