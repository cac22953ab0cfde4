package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
        begin(new RestoreRequest.Latest(), "");
    }

    /** Takes over and restores what is asked for, once. */
    void begin(RestoreRequest asked, String nonce) throws InterruptedException {
        RestoreOnce request = RestoreOnce.of(ROOT, asked, nonce);
        RestorePoints restore = new RestorePoints(env, ROOT);
        RestorePoint[] point = new RestorePoint[1];
        JobLog.Begun begun = log.begin(name, 1000, request, view -> {
            point[0] = restore.resolve(view, request.effective(view), false, RestorePoints.Verify.CHECKSUMS, Set.of())
                    .orElse(null);
            return point[0] == null ? new RestoredFrom.Nothing() : point[0].from();
        });
        writer = begun.writer();
        nextCheckpointId = begun.view().nextCheckpointId();
        last = point[0] == null ? null : point[0].manifest();
        if (last != null) {
            restore(last);
        }
        for (LogEntry open : begun.view().needsCommit()) {
            commit(open.slot());
        }
    }

    /** As workers do. What is missing is only damage if nobody took over meanwhile. */
    private void restore(Manifest manifest) {
        try {
            new Verifier(env, store).verify(store.base(), manifest, RestorePoints.Verify.CHECKSUMS);
        } catch (SnapshotException e) {
            writer().checkCurrent();
            throw e;
        }
    }

    /** Takes a checkpoint, commits it, and collects down to {@code retained}. */
    void checkpoint(int retained) throws InterruptedException {
        long id = nextCheckpointId++;
        Manifest manifest = checkpoints.upload(id, writer().generation(), last);
        ManifestRef ref = store.writeManifest(manifest);
        LogEntry entry = append(new LogRecord.Completed(id, ref, true));
        appended.add(entry);
        last = manifest;
        commit(entry.slot());
        if (retained > 0) {
            collection.collect(writer(), new Collection.Keep(retained, Set.of(id), id + 1), 6000);
        }
    }

    /** Uploads what a checkpoint would and never completes it. */
    void abortedCheckpoint() throws InterruptedException {
        store.writeManifest(checkpoints.upload(nextCheckpointId++, writer().generation(), last));
    }

    void savepoint(String savepoint) throws InterruptedException {
        long id = nextCheckpointId++;
        Manifest manifest = checkpoints.upload(id, writer().generation(), last);
        ManifestRef ref = savepoints.write(savepoint, manifest, writer(), () -> false);
        appended.add(append(new LogRecord.Savepoint(id, savepoint, ref)));
    }

    void sweep() throws InterruptedException {
        collection.sweep(writer(), new Collection.Keep(1, Set.of(), nextCheckpointId));
    }

    void collect(int retained) throws InterruptedException {
        collection.collect(writer(), new Collection.Keep(retained, Set.of(), nextCheckpointId), 6000);
    }

    void end() throws InterruptedException {
        appended.add(append(new LogRecord.End(LogRecord.Reason.CANCELED, "stopped", Optional.empty())));
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

    /** While the outcome is open, the same again. */
    private LogEntry append(LogRecord record) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return writer().append(record, 2000 + attempt);
            } catch (HoldfastException e) {
                if (!e.code().equals(CheckpointErrors.APPEND_UNRESOLVED) || attempt == 3) {
                    throw e;
                }
            }
        }
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
                if (!Savepoints.hasManifest(objects, directory)) {
                    continue;
                }
                keys.add(directory + "claim");
                Reachability.reachable(CheckpointStore.decode(key, objects.get(key)))
                        .forEach(name -> keys.add(directory + name));
            }
        }
        return keys;
    }

    static List<String> keys(ObjectStore objects) {
        return new StoreListing(objects)
                .all("").stream().map(ObjectStore.Listed::key).toList();
    }
}
