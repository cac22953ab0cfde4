package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's work on the store, without a job: takes over, restores to the last byte, then checkpoints, commits, collects,
 * sweeps and takes savepoints.
 */
final class TestCoordinator {
    static final JobRoot ROOT = new JobRoot("default", "wordcount", "a1");

    private final Env env;
    private final String name;
    private final JobLog log;
    private final CheckpointStore store;
    private final TestCheckpoints checkpoints;
    private final Collection collection;
    private final Savepoints savepoints;
    /** What it believes to be in the log. */
    final List<LogEntry> appended = new ArrayList<>();

    final List<Long> committed = new ArrayList<>();
    private @Nullable LogWriter writer;
    private @Nullable Manifest last;
    private long nextCheckpointId;

    TestCoordinator(String name, ObjectStore objects, long seed) {
        this.name = name;
        this.env = TestProcess.env(objects, seed);
        this.log = new JobLog(env, ROOT);
        this.store = new CheckpointStore(env, ROOT);
        this.checkpoints = new TestCheckpoints(env, ROOT);
        this.collection = new Collection(env, ROOT);
        this.savepoints = new Savepoints(env, ROOT);
    }

    /** Takes over and restores the newest checkpoint, reading every byte of it. */
    void begin() throws InterruptedException {
        RestorePoints restore = new RestorePoints(env, ROOT);
        RestorePoint[] point = new RestorePoint[1];
        JobLog.Begun begun = log.begin(name, 1000, view -> {
            point[0] = restore.resolve(
                            view, new RestoreRequest.Latest(), false, RestorePoints.Verify.CHECKSUMS, Set.of())
                    .orElse(null);
            return point[0] == null ? new RestoredFrom.Nothing() : point[0].from();
        });
        writer = begun.writer();
        nextCheckpointId = begun.view().nextCheckpointId();
        last = point[0] == null ? null : point[0].manifest();
        if (last != null) {
            new Verifier(env, store).verify(store.base(), last, RestorePoints.Verify.CHECKSUMS);
        }
        for (LogEntry open : begun.view().needsCommit()) {
            commit(open.slot());
        }
    }

    /** Takes a checkpoint, commits it, and collects down to {@code retained}. */
    void checkpoint(int retained) throws InterruptedException {
        long id = nextCheckpointId++;
        Manifest manifest = checkpoints.upload(id, writer().generation(), last);
        ManifestRef ref = store.writeManifest(manifest);
        LogEntry entry = writer().append(new LogRecord.Completed(id, ref, true), 2000);
        appended.add(entry);
        last = manifest;
        commit(entry.slot());
        if (retained > 0) {
            collection.collect(writer(), new Collection.Keep(retained, Set.of(id), id + 1));
        }
    }

    /** Uploads what a checkpoint would and never completes it. */
    void abortedCheckpoint() throws InterruptedException {
        store.writeManifest(checkpoints.upload(nextCheckpointId++, writer().generation(), last));
    }

    void savepoint(String savepoint) throws InterruptedException {
        long id = nextCheckpointId++;
        Manifest manifest = checkpoints.upload(id, writer().generation(), last);
        ManifestRef ref = savepoints.write(savepoint, manifest, writer());
        appended.add(writer().append(new LogRecord.Savepoint(id, savepoint, ref), 3000));
    }

    void sweep() throws InterruptedException {
        collection.sweep(writer(), new Collection.Keep(1, Set.of(), nextCheckpointId));
    }

    void collect(int retained) throws InterruptedException {
        collection.collect(writer(), new Collection.Keep(retained, Set.of(), nextCheckpointId));
    }

    void end() throws InterruptedException {
        appended.add(writer().append(
                new LogRecord.End(LogRecord.Reason.CANCELED, "stopped", java.util.Optional.empty()), 4000));
    }

    LogWriter writer() {
        if (writer == null) {
            throw new AssertionError("not begun");
        }
        return writer;
    }

    @Nullable Manifest last() {
        return last;
    }

    Env env() {
        return env;
    }

    JobLog log() {
        return log;
    }

    private void commit(long slot) throws InterruptedException {
        committed.add(slot);
        new CommitMarkers(env, ROOT).write(slot, writer());
    }

    /** Keys that exist, and keys that should: what retained checkpoints and finished savepoints reach, and the log. */
    static Set<String> expectedKeys(ObjectStore objects) {
        Env env = TestProcess.env(objects, 0);
        LogView view = new JobLog(env, ROOT).read();
        CheckpointStore store = new CheckpointStore(env, ROOT);
        Set<String> names = new HashSet<>();
        view.entries().forEach(entry -> names.add(JobRoot.logSlot(entry.slot())));
        view.committed().forEach(slot -> names.add(JobRoot.committed(slot)));
        if (view.boundary() > JobLog.FIRST_SLOT) {
            names.add(JobRoot.boundary(view.boundary()));
        }
        for (LogEntry entry : view.completed()) {
            ManifestRef ref = ((LogRecord.Completed) entry.record()).manifest();
            names.add(ref.name());
            names.addAll(Reachability.reachable(store.readManifest(ref)));
        }
        Set<String> keys = new HashSet<>();
        names.forEach(name -> keys.add(ROOT.key(name)));
        for (String key : keys(objects)) {
            if (key.contains("/savepoints/") && key.endsWith("/manifest")) {
                String directory = key.substring(0, key.length() - "manifest".length());
                keys.add(key);
                keys.add(directory + "claim");
                Reachability.reachable(CheckpointStore.decode(key, objects.get(key)))
                        .forEach(name -> keys.add(directory + name));
            }
        }
        return keys;
    }

    static List<String> keys(ObjectStore objects) {
        return new StoreListing(objects).all("").stream().map(ObjectStore.Listed::key).toList();
    }
}
