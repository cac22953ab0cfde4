package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore.Listed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Deletes what nothing needs any more. Only for the coordinator of the current generation, one call at a time.
 *
 * <ol>
 *   <li>Choose the new boundary: the lowest log slot of a checkpoint that is to be kept. All at or above it are retained.
 *   <li>Read the manifests of all retained checkpoints. If one cannot be read, nothing is deleted.
 *   <li>Append a Collected record. From here on nobody restores what is below: whoever began before has fenced this
 *       generation by it, whoever begins later has read it ({@link JobLog}).
 *   <li>Write the boundary object, from which the log is read when its beginning is deleted.
 *   <li>For every log slot that still exists below the boundary: delete the objects that its checkpoint reaches and no retained
 *       one does; then manifests; then markers and the slots, oldest first. Before each batch look for a newer generation
 *       again.
 * </ol>
 *
 * <p>A crash at any point leaves slots below the boundary, from which the next call goes on. {@link #sweep} finds what no log
 * slot leads to: left-overs of aborted checkpoints and dead generations.
 */
public final class Collection {
    /** A batch is one request; between two it is checked that nobody took over. */
    private static final int BATCH = 500;

    /** A marker takes some 150 bytes, a manifest with its schema over 1 KB. */
    static final int MAX_MARKER_BYTES = 1000;

    private final Env env;
    private final JobRoot root;
    private final JobLog log;
    private final CheckpointStore store;
    private final StoreListing listing;
    /** Manifests do not change, and each is retained over several calls. */
    private final Map<ManifestRef, Manifest> known = new HashMap<>();

    public Collection(Env env, JobRoot root) {
        this.env = env;
        this.root = root;
        this.log = new JobLog(env, root);
        this.store = new CheckpointStore(env, root);
        this.listing = new StoreListing(env.store());
    }

    /**
     * What may not be deleted.
     *
     * @param retained newest completed checkpoints to keep: at least 1; or 0 after the job's End, to keep none
     * @param needed completed checkpoints that pending checkpoints and savepoints were triggered after, and so may refer to
     * @param oldestPending the lowest number of a checkpoint or savepoint that is pending, or the next one to be triggered
     */
    public record Keep(int retained, Set<Long> needed, long oldestPending) {
        public Keep {
            needed = Set.copyOf(needed);
            if (retained < 0 || oldestPending < 1) {
                throw new IllegalArgumentException(
                        "cannot keep " + retained + " checkpoints and all from number " + oldestPending);
            }
        }
    }

    /**
     * What was done.
     *
     * @param boundary the first slot of the log that counts
     * @param deletedObjects objects that were deleted, or were gone already
     */
    public record Outcome(long boundary, long deletedObjects) {}

    /**
     * Moves the boundary and deletes what only collected checkpoints reached.
     *
     * @throws FencedException if a newer generation began
     * @throws SnapshotException if a retained manifest cannot be read; nothing is deleted then
     */
    public Outcome collect(LogWriter writer, Keep keep, long wallMs) throws InterruptedException {
        LogView view = currentView(writer);
        long boundary = newBoundary(view, keep);
        Set<String> live = live(view, boundary, writer);
        if (boundary > view.boundary()) {
            writer.append(new LogRecord.Collected(boundary, view.honoured()), wallMs);
        }
        writeBoundary(boundary, writer);
        Batches batches = new Batches(writer);
        List<Long> slots = log.slotsBelow(boundary);
        Set<String> manifests = new TreeSet<>();
        for (long slot : slots) {
            completedAt(slot).ifPresent(completed -> {
                deletable(completed, live).forEach(batches::add);
                manifests.add(completed.manifest().name());
            });
        }
        batches.flush();
        manifests.removeAll(live);
        manifests.forEach(batches::add);
        batches.flush();
        slots.forEach(slot -> batches.add(JobRoot.committed(slot)));
        batches.flush();
        slots.forEach(slot -> batches.add(JobRoot.logSlot(slot)));
        batches.flush();
        deleteOldBoundaries(boundary, batches);
        return new Outcome(boundary, batches.deleted);
    }

    /**
     * Deletes objects that no checkpoint reaches: of older generations, or of this one's checkpoints that are no longer
     * pending. Lists everything, so it is for the start of a generation and then now and then.
     *
     * @throws FencedException if a newer generation began
     * @throws SnapshotException if a retained manifest cannot be read; nothing is deleted then
     */
    public Outcome sweep(LogWriter writer, Keep keep) throws InterruptedException {
        LogView view = currentView(writer);
        Set<String> live = live(view, view.boundary(), writer);
        writeBoundary(view.boundary(), writer);
        Batches batches = new Batches(writer);
        for (String prefix : List.of("checkpoints/", "runs/", "committed/", "log/")) {
            listing.pages(root.key(prefix), null, page -> {
                for (Listed listed : page) {
                    String name = root.name(listed.key());
                    if (!live.contains(name) && isOver(name, writer, keep, view.boundary())) {
                        batches.add(name);
                    }
                }
            });
            batches.flush();
        }
        deleteOldBoundaries(view.boundary(), batches);
        sweepSavepoints(writer, batches);
        return new Outcome(view.boundary(), batches.deleted);
    }

    private void writeBoundary(long boundary, LogWriter writer) throws InterruptedException {
        if (boundary > log.readBoundary()) {
            StoredFormat.Marker marker = new StoredFormat.Marker(boundary, writer.generation(), writer.token());
            new CreateOnly(env).put(root.key(JobRoot.boundary(boundary)), StoredFormat.MARKER.encode(marker));
        }
    }

    private LogView currentView(LogWriter writer) {
        LogView view = log.read();
        if (view.generation() != writer.generation()) {
            writer.checkCurrent();
            throw new IllegalStateException("the log of " + root + " ends with generation " + view.generation()
                    + ", and generation " + writer.generation() + " is not over");
        }
        return view;
    }

    private long newBoundary(LogView view, Keep keep) {
        long boundary = view.nextSlot();
        if (keep.retained() == 0) {
            boundary = view.end()
                    .orElseThrow(() ->
                            new IllegalArgumentException("to keep no checkpoint is only for a job that has ended"))
                    .slot();
        }
        if (keep.retained() > 0) {
            List<LogEntry> history = view.history();
            if (history.isEmpty()) {
                return view.boundary();
            }
            for (LogEntry entry : history.subList(0, Math.min(keep.retained(), history.size()))) {
                boundary = Math.min(boundary, entry.slot());
            }
        }
        for (long checkpointId : keep.needed()) {
            Optional<LogEntry> entry = view.completed(checkpointId);
            if (entry.isEmpty()) {
                throw new HoldfastException(
                        CheckpointErrors.DANGLING,
                        "checkpoint " + checkpointId + " of " + root
                                + " is needed by a pending one, but is not retained");
            }
            boundary = Math.min(boundary, entry.get().slot());
        }
        for (LogEntry entry : view.needsCommit()) {
            boundary = Math.min(boundary, entry.slot());
        }
        return Math.max(boundary, view.boundary());
    }

    /** Names that retained checkpoints need, their manifests among them. */
    private Set<String> live(LogView view, long boundary, LogWriter writer) {
        Set<String> live = new TreeSet<>();
        Map<ManifestRef, Manifest> retained = new HashMap<>();
        for (LogEntry entry : view.completed()) {
            if (entry.slot() >= boundary && entry.record() instanceof LogRecord.Completed completed) {
                ManifestRef ref = completed.manifest();
                Manifest manifest = known.containsKey(ref) ? known.get(ref) : read(ref, writer);
                retained.put(ref, manifest);
                live.add(ref.name());
                live.addAll(Reachability.reachable(manifest));
            }
        }
        known.clear();
        known.putAll(retained);
        return live;
    }

    private Manifest read(ManifestRef ref, LogWriter writer) {
        try {
            return store.readManifest(ref);
        } catch (SnapshotException e) {
            // A newer generation may have collected it; then this is no damage, and no business of ours.
            writer.checkCurrent();
            throw e;
        }
    }

    private Optional<LogRecord.Completed> completedAt(long slot) {
        try {
            return log.readSlot(slot)
                    .flatMap(entry -> entry.record() instanceof LogRecord.Completed completed
                            ? Optional.of(completed)
                            : Optional.empty());
        } catch (SnapshotException e) {
            // Damaged, and below the boundary: what it led to is left to the sweep.
            return Optional.empty();
        }
    }

    private Set<String> deletable(LogRecord.Completed completed, Set<String> live) {
        try {
            Set<String> names = new TreeSet<>(Reachability.reachable(store.readManifest(completed.manifest())));
            names.removeAll(live);
            return names;
        } catch (SnapshotException e) {
            // Gone, then its data went before it; or damaged, then the sweep finds its data.
            return Set.of();
        }
    }

    private boolean isOver(String name, LogWriter writer, Keep keep, long boundary) {
        return switch (ObjectName.parse(name)) {
            case ObjectName.OfCheckpoint(long checkpointId, long generation) ->
                generation < writer.generation()
                        || (generation == writer.generation() && checkpointId < keep.oldestPending());
            case ObjectName.LogSlot(long slot) -> slot < boundary;
            case ObjectName.Committed(long slot) -> slot < boundary;
            case ObjectName.Boundary boundaryName -> false;
            case ObjectName.OfSavepoint savepoint -> false;
            case ObjectName.Foreign foreign -> false;
        };
    }

    private void deleteOldBoundaries(long boundary, Batches batches) {
        for (Listed listed : listing.all(root.key("boundary/"))) {
            String name = root.name(listed.key());
            if (ObjectName.parse(name) instanceof ObjectName.Boundary(long slot) && slot < boundary) {
                batches.add(name);
            }
        }
        batches.flush();
    }

    /** What dead generations began to copy and did not finish: a claim of theirs, and no manifest. */
    private void sweepSavepoints(LogWriter writer, Batches batches) throws InterruptedException {
        Map<String, List<Listed>> bySavepoint = new TreeMap<>();
        for (Listed listed : listing.all(root.key("savepoints/"))) {
            if (ObjectName.parse(root.name(listed.key()))
                    instanceof ObjectName.OfSavepoint(String savepoint, String rest)) {
                bySavepoint.computeIfAbsent(savepoint, s -> new ArrayList<>()).add(listed);
            }
        }
        for (Map.Entry<String, List<Listed>> each : bySavepoint.entrySet()) {
            String directory = JobRoot.savepoint(each.getKey());
            if (isGivenUp(root.key(directory), each.getValue(), writer)) {
                for (Listed listed : each.getValue()) {
                    String name = root.name(listed.key());
                    if (!name.equals(directory + Savepoints.MANIFEST) && !name.equals(directory + Savepoints.CLAIM)) {
                        batches.add(name);
                    }
                }
                batches.flush();
                batches.add(directory + Savepoints.CLAIM);
                batches.flush();
            }
        }
    }

    /** Whether nobody can finish it, now or ever: its manifest's place is taken by a marker, if need be put there here. */
    private boolean isGivenUp(String directoryKey, List<Listed> objects, LogWriter writer) throws InterruptedException {
        String manifestKey = directoryKey + Savepoints.MANIFEST;
        for (Listed listed : objects) {
            if (listed.key().equals(manifestKey)) {
                // Nothing else has to be looked at while only the marker is left.
                return objects.size() > 1
                        && listed.sizeBytes() <= MAX_MARKER_BYTES
                        && !Savepoints.hasManifest(env.store(), directoryKey);
            }
        }
        byte[] claim = env.store().get(directoryKey + Savepoints.CLAIM);
        if (claim == null || !isOfDeadGeneration(directoryKey, claim, writer)) {
            return false;
        }
        writer.checkCurrent();
        StoredFormat.Marker marker = new StoredFormat.Marker(0, writer.generation(), writer.token());
        return new CreateOnly(env).put(manifestKey, StoredFormat.MARKER.encode(marker))
                || !Savepoints.hasManifest(env.store(), directoryKey);
    }

    private static boolean isOfDeadGeneration(String directoryKey, byte[] claim, LogWriter writer) {
        try {
            return StoredFormat.MARKER
                            .decode(directoryKey + Savepoints.CLAIM, claim)
                            .generation()
                    < writer.generation();
        } catch (SnapshotException e) {
            // Nobody can tell whose it is; it costs space, and a person can delete the savepoint.
            return false;
        }
    }

    /** Deletes, as long as the generation is current. */
    private final class Batches {
        private final LogWriter writer;
        private final List<String> keys = new ArrayList<>();
        private long deleted;

        Batches(LogWriter writer) {
            this.writer = writer;
        }

        void add(String name) {
            keys.add(root.key(name));
            if (keys.size() == BATCH) {
                flush();
            }
        }

        void flush() {
            if (!keys.isEmpty()) {
                writer.checkCurrent();
                env.store().delete(keys);
                deleted += keys.size();
                keys.clear();
            }
        }
    }
}
