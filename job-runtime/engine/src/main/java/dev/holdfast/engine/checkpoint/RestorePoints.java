package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Env;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what a job starts from. What is missing or damaged stops the start: silently going back further would show
 * readers of transactional sinks what they have seen before. Only the setting {@value CheckpointSettings#RESTORE_OLDER}
 * allows it, and then what was passed over is said.
 */
public final class RestorePoints {
    private final Env env;
    private final JobRoot root;
    private final CheckpointStore store;
    private final Verifier verifier;

    public RestorePoints(Env env, JobRoot root) {
        this.env = env;
        this.root = root;
        this.store = new CheckpointStore(env, root);
        this.verifier = new Verifier(env, store);
    }

    /** How much of a snapshot is looked at before it is chosen. */
    public enum Verify {
        /** The manifest alone; the rest when it is fetched. */
        MANIFEST,
        /** That every object exists and is long enough. */
        SIZES,
        /** Every byte. */
        CHECKSUMS
    }

    /**
     * Chooses what to start from.
     *
     * @param view the log; what is chosen may go into a Begin only if that directly follows this view
     * @param allowOlder setting {@value CheckpointSettings#RESTORE_OLDER}
     * @param knownDamaged checkpoints that a restore already failed on
     * @return empty to start without state
     * @throws SnapshotException if the chosen one is damaged
     * @throws HoldfastException HF-CKP-008 or HF-CKP-009 if there is no such checkpoint or savepoint, HF-CKP-011 if all that
     *     could be restored is damaged
     */
    public Optional<RestorePoint> resolve(
            LogView view, RestoreRequest request, boolean allowOlder, Verify verify, Set<Long> knownDamaged) {
        return switch (request) {
            case RestoreRequest.Nothing() -> Optional.empty();
            case RestoreRequest.Savepoint(String location) -> Optional.of(savepoint(locate(root, location), verify));
            case RestoreRequest.Checkpoint(long id) -> Optional.of(given(view, id, verify));
            case RestoreRequest.Latest() -> latest(view, allowOlder, verify, knownDamaged);
        };
    }

    private Optional<RestorePoint> latest(LogView view, boolean allowOlder, Verify verify, Set<Long> knownDamaged) {
        return switch (view.resumeFrom()) {
            case RestoredFrom.Nothing() -> Optional.empty();
            case RestoredFrom.Savepoint(String location) -> Optional.of(savepoint(location, verify));
            case RestoredFrom.Checkpoint checkpoint -> Optional.of(newest(view, allowOlder, verify, knownDamaged));
        };
    }

    private RestorePoint newest(LogView view, boolean allowOlder, Verify verify, Set<Long> knownDamaged) {
        List<String> skipped = new ArrayList<>();
        for (LogEntry entry : view.history()) {
            if (!(entry.record() instanceof LogRecord.Completed completed)) {
                continue;
            }
            if (knownDamaged.contains(completed.checkpointId())) {
                skipped.add("checkpoint " + completed.checkpointId() + ": restoring it failed");
                if (allowOlder) {
                    continue;
                }
                throw notRestorable(skipped, olderAdvice(completed.checkpointId()), null);
            }
            try {
                return open(entry.slot(), completed, verify, skipped);
            } catch (SnapshotException e) {
                skipped.add("checkpoint " + completed.checkpointId() + ": " + e.getMessage());
                if (!allowOlder) {
                    throw notRestorable(skipped, olderAdvice(completed.checkpointId()), e);
                }
            }
        }
        throw notRestorable(
                skipped,
                "No older checkpoint is retained. Bring the objects back from versions or a copy of the bucket, or"
                        + " start from a savepoint",
                null);
    }

    private RestorePoint given(LogView view, long checkpointId, Verify verify) {
        Optional<LogEntry> entry = view.completed(checkpointId);
        if (entry.isEmpty() || !(entry.get().record() instanceof LogRecord.Completed completed)) {
            throw new HoldfastException(
                    CheckpointErrors.NO_SUCH_CHECKPOINT,
                    "job " + root + " has no checkpoint " + checkpointId + " to restore. Retained are: "
                            + numbers(view));
        }
        try {
            return open(entry.get().slot(), completed, verify, List.of());
        } catch (SnapshotException e) {
            throw notRestorable(
                    List.of("checkpoint " + checkpointId + ": " + e.getMessage()),
                    "It was asked for by number, so no other is tried. Retained are: " + numbers(view),
                    e);
        }
    }

    private RestorePoint open(long slot, LogRecord.Completed completed, Verify verify, List<String> skipped) {
        Manifest manifest = store.readManifest(completed.manifest());
        if (manifest.checkpointId() != completed.checkpointId()
                || !manifest.job().equals(root)) {
            throw SnapshotException.damaged(
                    root.key(completed.manifest().name()),
                    "expected checkpoint " + completed.checkpointId() + " of " + root + ", found checkpoint "
                            + manifest.checkpointId() + " of " + manifest.job(),
                    null);
        }
        verifier.verify(root.prefix(), manifest, verify);
        return new RestorePoint(
                manifest, root.prefix(), new RestoredFrom.Checkpoint(completed.checkpointId(), slot), true, skipped);
    }

    /** That all objects are there is always looked at: a savepoint is in the hands of people who copy and delete. */
    private RestorePoint savepoint(String location, Verify verify) {
        String key = location + Savepoints.MANIFEST;
        byte[] bytes = env.store().get(key);
        if (bytes == null) {
            throw new HoldfastException(
                    CheckpointErrors.NO_SUCH_SAVEPOINT,
                    "no savepoint at '" + location + "' in " + env.store().describe() + ": object '" + key
                            + "' is missing. Expected the name of a savepoint of job " + root
                            + ", or a path such as namespace/job/id/savepoints/name");
        }
        if (StoredFormat.MARKER.mayBe(bytes)) {
            throw new HoldfastException(
                    CheckpointErrors.NO_SUCH_SAVEPOINT,
                    "the savepoint at '" + location
                            + "' was never finished: its coordinator died, and what it had copied is "
                            + "deleted. Choose another savepoint or a checkpoint");
        }
        Manifest manifest = CheckpointStore.decode(key, bytes);
        verifier.verify(location, manifest, verify == Verify.MANIFEST ? Verify.SIZES : verify);
        return new RestorePoint(manifest, location, new RestoredFrom.Savepoint(location), false, List.of());
    }

    /** The store's key of a savepoint's directory, from its name in this job or its location. */
    static String locate(JobRoot root, String location) {
        String trimmed = location.endsWith("/") ? location.substring(0, location.length() - 1) : location;
        return trimmed.indexOf('/') < 0 ? root.key(JobRoot.savepoint(trimmed)) : trimmed + "/";
    }

    private HoldfastException notRestorable(List<String> reasons, String advice, @Nullable Throwable cause) {
        return new HoldfastException(
                CheckpointErrors.NOT_RESTORABLE,
                "job " + root + " cannot be restored: " + String.join("; ", reasons) + ". " + advice,
                cause);
    }

    private static String olderAdvice(long checkpointId) {
        return "The next older checkpoint is used only if setting " + CheckpointSettings.RESTORE_OLDER
                + " is true; then what was committed since is committed again. Or bring the object back from a version"
                + " or copy of the bucket, or choose another checkpoint than " + checkpointId + " or a savepoint";
    }

    private static List<Long> numbers(LogView view) {
        return view.completed().stream()
                .map(entry -> entry.record() instanceof LogRecord.Completed completed ? completed.checkpointId() : 0L)
                .distinct()
                .toList();
    }
}
