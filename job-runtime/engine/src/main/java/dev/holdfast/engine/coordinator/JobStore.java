package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.Blob;
import dev.holdfast.engine.checkpoint.CheckpointStore;
import dev.holdfast.engine.checkpoint.Collection;
import dev.holdfast.engine.checkpoint.CommitMarkers;
import dev.holdfast.engine.checkpoint.EnumeratorManifest;
import dev.holdfast.engine.checkpoint.JobLog;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.LogEntry;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.LogView;
import dev.holdfast.engine.checkpoint.LogWriter;
import dev.holdfast.engine.checkpoint.Manifest;
import dev.holdfast.engine.checkpoint.ManifestRef;
import dev.holdfast.engine.checkpoint.Opaque;
import dev.holdfast.engine.checkpoint.OperatorManifest;
import dev.holdfast.engine.checkpoint.PackWriter;
import dev.holdfast.engine.checkpoint.RestoreIdentity;
import dev.holdfast.engine.checkpoint.RestoreOnce;
import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.checkpoint.RestorePoints;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.checkpoint.RestoredFrom;
import dev.holdfast.engine.checkpoint.Savepoints;
import dev.holdfast.engine.checkpoint.SnapshotException;
import dev.holdfast.engine.checkpoint.StoreProbe;
import dev.holdfast.engine.checkpoint.SubtaskManifest;
import dev.holdfast.engine.env.Env;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The coordinator's blocking work on the bucket. Every method blocks and is called within a blocking call. */
final class JobStore {
    private static final System.Logger LOG = System.getLogger(JobStore.class.getName());

    /**
     * Tries to find out whether a record is in the log. Each is several tries of {@code CreateOnly}, so with
     * all pauses it takes about eight minutes, and as many times the store's own limits: after that nothing is sure
     * any more.
     */
    private static final int APPEND_TRIES = 60;

    private static final long APPEND_PAUSE_MS = 2_000;

    private final Env env;
    private final JobSettings settings;
    private final JobRoot root;
    private final JobLog log;
    private final CheckpointStore checkpoints;
    private final CommitMarkers markers;
    private final Collection collection;

    JobStore(Env env, JobSettings settings) {
        this.env = env;
        this.settings = settings;
        this.root = settings.root();
        this.log = new JobLog(env, root);
        this.checkpoints = new CheckpointStore(env, root);
        this.markers = new CommitMarkers(env, root);
        this.collection = new Collection(env, root);
    }

    /**
     * What a generation begins with.
     *
     * @param writer null if the job had finished before: then there is nothing to run
     * @param request what was asked for, or the newest checkpoint where that was honoured before
     * @param restore what the tasks start from, or null
     * @param commit the newest checkpoint whose transactions may not all be committed, or null
     * @param givenUp log slots of newer ones, which are damaged and were passed over
     * @param note what a person should know of the choice; empty if nothing
     */
    record Begun(
            @Nullable LogWriter writer,
            RestoreRequest request,
            @Nullable RestorePoint restore,
            @Nullable RestorePoint commit,
            List<Long> givenUp,
            long nextCheckpointId,
            String note) {}

    /** Probes the store, reads the log, chooses what to restore, and takes the next generation. */
    Begun begin(RestoreRequest asked, Set<Long> knownDamaged) throws InterruptedException {
        StoreProbe.check(env);
        LogView before = log.read();
        RestoreOnce request = RestoreOnce.of(root, asked, settings.restoreNonce());
        if (isOver(before, request)) {
            return hadFinished(before);
        }
        try {
            return begin(request, knownDamaged);
        } catch (FinishedMeanwhile finished) {
            return hadFinished(finished.view);
        }
    }

    /** Whether the job has finished, and nothing else was asked for than to go on where it stopped. */
    private static boolean isOver(LogView view, RestoreOnce request) {
        return view.ended()
                        .map(end -> end.reason() == LogRecord.Reason.FINISHED)
                        .orElse(false)
                && request.effective(view) instanceof RestoreRequest.Latest;
    }

    private static Begun hadFinished(LogView view) {
        return new Begun(null, new RestoreRequest.Latest(), null, null, List.of(), view.nextCheckpointId(), "");
    }

    /** An older generation wrote the job's End between two looks of a newer one that wants to begin. */
    private static final class FinishedMeanwhile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient LogView view;

        FinishedMeanwhile(LogView view) {
            this.view = view;
        }
    }

    private Begun begin(RestoreOnce request, Set<Long> knownDamaged) throws InterruptedException {
        AtomicReference<@Nullable RestorePoint> chosen = new AtomicReference<>();
        JobLog.Begun begun = log.begin(settings.writer(), env.clock().wallMs(), request, view -> {
            if (isOver(view, request)) {
                throw new FinishedMeanwhile(view);
            }
            Optional<RestorePoint> point = new RestorePoints(env, root)
                    .resolve(
                            view,
                            request.effective(view),
                            settings.checkpoint().restoreOlderWhenDamaged(),
                            RestorePoints.Verify.MANIFEST,
                            knownDamaged);
            chosen.set(point.orElse(null));
            return point.map(RestorePoint::from).orElse(new RestoredFrom.Nothing());
        });
        LogView view = begun.view();
        RestorePoint point = chosen.get();
        String note = note(request, view, point);
        if (!note.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, note);
        }
        List<Long> givenUp = new ArrayList<>();
        RestorePoint commit = undecided(view, knownDamaged, givenUp);
        return new Begun(
                begun.writer(), request.effective(view), chosen.get(), commit, givenUp, view.nextCheckpointId(), note);
    }

    private static String note(RestoreOnce request, LogView view, @Nullable RestorePoint point) {
        List<String> notes = new ArrayList<>();
        if (request.isBehind(view)) {
            notes.add("the request to start from "
                    + request.identity().map(RestoreIdentity::request).orElse("")
                    + " was honoured by an earlier start, so the job goes on from its newest checkpoint; another"
                    + " restore.nonce makes the request count again");
        }
        if (point != null && !point.skipped().isEmpty()) {
            notes.add(point.note());
        }
        return String.join("; ", notes);
    }

    /**
     * The newest checkpoint whose transactions may be open. One that is damaged is passed over where going back is allowed: what it
     * would have committed is made again from the older one, and {@code recover} of the sinks removes it.
     */
    private @Nullable RestorePoint undecided(LogView view, Set<Long> knownDamaged, List<Long> givenUp) {
        for (LogEntry newest : view.needsCommit().reversed()) {
            if (!(newest.record() instanceof LogRecord.Completed completed)) {
                throw new IllegalStateException("only checkpoints need a commit, not " + newest);
            }
            if (!knownDamaged.contains(completed.checkpointId())) {
                try {
                    return point(newest, checkpoints.readManifest(completed.manifest()), completed.checkpointId());
                } catch (SnapshotException e) {
                    if (!settings.checkpoint().restoreOlderWhenDamaged()) {
                        throw e;
                    }
                }
            }
            givenUp.add(newest.slot());
        }
        return null;
    }

    /** A checkpoint of this job as something to start from. */
    RestorePoint point(LogEntry entry, Manifest manifest, long checkpointId) {
        return new RestorePoint(
                manifest, checkpoints.base(), new RestoredFrom.Checkpoint(checkpointId, entry.slot()), true, List.of());
    }

    /** Reads what a checkpoint holds of the sources. */
    Map<String, Enumerators.RestoredSource> sources(RestorePoint point) {
        Map<String, byte[]> enumerators = new HashMap<>();
        for (EnumeratorManifest enumerator : point.manifest().enumerators()) {
            enumerators.put(enumerator.source(), read(point, enumerator));
        }
        Map<String, Enumerators.RestoredSource> sources = new HashMap<>();
        for (OperatorManifest operator : point.manifest().operators()) {
            if (operator.kind() != OperatorManifest.Kind.SOURCE) {
                continue;
            }
            List<byte[]> splits = new ArrayList<>();
            for (SubtaskManifest subtask : operator.subtasks()) {
                subtask.splits()
                        .ifPresent(slice -> splits.add(
                                checkpoints.fetch(point.base(), slice, "splits of source '" + operator.name() + "'")));
            }
            sources.put(operator.name(), new Enumerators.RestoredSource(enumerators.get(operator.name()), splits));
        }
        return sources;
    }

    private byte[] read(RestorePoint point, EnumeratorManifest enumerator) {
        return switch (enumerator.state()) {
            case Blob.Inline inline -> inline.content().bytes();
            case Blob.Stored stored ->
                checkpoints.fetch(
                        point.base(), stored.slice(), "enumerator state of source '" + enumerator.source() + "'");
        };
    }

    /** Places enumerator states: small ones in the manifest, others in a pack of the coordinator's. */
    Map<String, Blob> place(long checkpointId, long generation, Map<String, byte[]> states)
            throws InterruptedException {
        String name = JobRoot.pack(
                checkpointId, generation, "coordinator", env.randomness().uniqueName());
        PackWriter pack = new PackWriter(name);
        Map<String, Blob> blobs = new LinkedHashMap<>();
        states.forEach((source, state) -> blobs.put(
                source,
                state.length <= Blob.Inline.MAX_BYTES
                        ? new Blob.Inline(new Opaque(state))
                        : new Blob.Stored(pack.append("enumerator of " + source, state))));
        if (!pack.isEmpty()) {
            checkpoints.writeData(name, pack.finish());
        }
        return blobs;
    }

    /** A checkpoint that is in the log. */
    record Stored(LogEntry entry, Manifest manifest) {
        LogRecord.Completed completed() {
            if (entry.record() instanceof LogRecord.Completed completed) {
                return completed;
            }
            throw new IllegalStateException("not a completed checkpoint: " + entry);
        }
    }

    /**
     * Writes the manifest, then the log slot: the decision that the checkpoint counts.
     *
     * @param base the checkpoints whose objects it may refer to
     */
    Stored complete(LogWriter writer, Manifest manifest, List<Manifest> base) throws InterruptedException {
        checkpoints.requireRetained(manifest, base);
        ManifestRef ref = checkpoints.writeManifest(manifest);
        LogRecord record =
                new LogRecord.Completed(manifest.checkpointId(), ref, ManifestBuilder.hasCommittables(manifest));
        return new Stored(append(writer, record), manifest);
    }

    /**
     * Copies a completed checkpoint into a savepoint of its own; it counts when the record is in the log.
     *
     * @param givenUp whether nobody waits for it any more
     */
    LogRecord copySavepoint(LogWriter writer, String name, Manifest manifest, BooleanSupplier givenUp)
            throws InterruptedException {
        ManifestRef ref = new Savepoints(env, root).write(name, manifest, writer, givenUp);
        return new LogRecord.Savepoint(manifest.checkpointId(), name, ref);
    }

    /** Whether a savepoint of this name exists, is being written, or was given up. */
    boolean isSavepointTaken(String name) {
        return new Savepoints(env, root).isTaken(name);
    }

    /** Appends a record. An open outcome is settled by trying the same again; see {@link LogWriter#append}. */
    LogEntry append(LogWriter writer, LogRecord record) throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                return writer.append(record, env.clock().wallMs());
            } catch (HoldfastException e) {
                if (!LogWriter.isOpen(e) || tried == APPEND_TRIES) {
                    throw e;
                }
                env.blocking().pause(APPEND_PAUSE_MS);
            }
        }
    }

    void markCommitted(LogWriter writer, long slot) throws InterruptedException {
        markers.write(slot, writer);
    }

    void collect(LogWriter writer, Collection.Keep keep, boolean sweep) throws InterruptedException {
        collection.collect(writer, keep, env.clock().wallMs());
        if (sweep) {
            collection.sweep(writer, keep);
        }
    }
}
