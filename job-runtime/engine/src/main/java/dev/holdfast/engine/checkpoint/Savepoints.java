package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.ObjectStore.Listed;
import dev.holdfast.engine.env.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Snapshots that need nothing outside their own directory, and that only people delete.
 *
 * <ol>
 *   <li>Claim the name by a create-only object that says who does this.
 *   <li>Copy every slice that the manifest points at: large ones become objects of their own, small ones are gathered in packs.
 *       Each is verified on the way. All names are new, so tries that come late or twice do no harm.
 *   <li>Write the manifest, create-only, with names relative to the directory. Now the savepoint can be restored.
 * </ol>
 *
 * <p>What is left of one that failed has a claim and no manifest. When its generation is over, the collection puts a marker in
 * the manifest's place, so that a paused writer cannot finish it any more, and deletes the rest. Deleting goes the other way
 * round: manifest first, claim last.
 */
public final class Savepoints {
    static final String CLAIM = "claim";
    static final String MANIFEST = "manifest";
    static final String DATA = "data/";

    /** Slices below this are gathered: an object costs a request at restore. */
    private static final long OWN_OBJECT_BYTES = 8 << 20;

    /** Gathered slices are held in memory until their pack is written. */
    private static final long PACK_BYTES = 32 << 20;

    private final Env env;
    private final JobRoot root;
    private final CheckpointStore store;

    public Savepoints(Env env, JobRoot root) {
        this.env = env;
        this.root = root;
        this.store = new CheckpointStore(env, root);
    }

    /**
     * Copies a finished snapshot of this job below {@code savepoints/<savepoint>/}. It counts once a Savepoint record is in
     * the log. Until this returned, the collection must keep what the manifest reaches. May be repeated after an error, with
     * the same manifest and writer.
     *
     * @param manifest with names relative to the job's root
     * @param givenUp asked between the pieces of the copy; once true, the savepoint is not finished
     * @return where the savepoint's manifest lies
     * @throws HoldfastException HF-CKP-010 if the name is taken
     * @throws SnapshotException if an object is missing or damaged
     */
    public ManifestRef write(String savepoint, Manifest manifest, LogWriter writer, BooleanSupplier givenUp)
            throws InterruptedException {
        String directory = JobRoot.savepoint(savepoint);
        try {
            claim(directory, manifest, writer);
            return copy(directory, manifest, givenUp);
        } catch (SnapshotException | SavepointTaken e) {
            // A newer generation may have collected what was to be copied, or given up the copy.
            writer.checkCurrent();
            throw e;
        }
    }

    private ManifestRef copy(String directory, Manifest manifest, BooleanSupplier givenUp) throws InterruptedException {
        String name = directory + MANIFEST;
        String key = root.key(name);
        byte[] bytes = env.store().get(key);
        if (bytes == null) {
            bytes = CheckpointStore.encode(key, new Copy(directory, givenUp).run(manifest));
            if (new CreateOnly(env).put(key, bytes)) {
                return CheckpointStore.refTo(name, bytes);
            }
            bytes = env.store().get(key);
            if (bytes == null) {
                throw SnapshotException.missing(key, "the manifest of a savepoint; deleted while it was written", null);
            }
        }
        if (StoredFormat.MARKER.mayBe(bytes)) {
            throw taken(directory);
        }
        // The claim is ours: this is what an earlier call wrote of the same snapshot, with other names of its objects;
        // or what
        // a very late write left of one that was deleted since.
        Manifest found = CheckpointStore.decode(key, bytes);
        if (found.checkpointId() != manifest.checkpointId() || found.generation() != manifest.generation()) {
            throw taken(directory);
        }
        return CheckpointStore.refTo(name, bytes);
    }

    private static final class SavepointTaken extends HoldfastException {
        private static final long serialVersionUID = 1L;

        SavepointTaken(String message) {
            super(CheckpointErrors.SAVEPOINT_EXISTS, message);
        }
    }

    private HoldfastException taken(String directory) {
        return new SavepointTaken("savepoint '" + root.key(directory)
                + "' exists, or is being written, or was given up. Choose another name, or delete it first");
    }

    /** Whether a savepoint of this name can be restored. */
    public boolean exists(String savepoint) {
        return hasManifest(env.store(), root.key(JobRoot.savepoint(savepoint)));
    }

    /** Whether {@link #write} would refuse this name to anybody else than who began it. */
    public boolean isTaken(String savepoint) {
        return env.store().get(root.key(JobRoot.savepoint(savepoint) + CLAIM)) != null;
    }

    /** Whether the savepoint in a directory was finished. */
    static boolean hasManifest(ObjectStore store, String directoryKey) {
        byte[] bytes = store.get(directoryKey + MANIFEST);
        return bytes != null && !StoredFormat.MARKER.mayBe(bytes);
    }

    /** Deletes a savepoint, or what is left of one; does nothing if there is none. May be repeated. */
    public void delete(String savepoint) {
        String directory = root.key(JobRoot.savepoint(savepoint));
        env.store().delete(List.of(directory + MANIFEST));
        new StoreListing(env.store()).pages(directory, null, page -> {
            List<String> keys = new ArrayList<>();
            for (Listed listed : page) {
                if (!listed.key().equals(directory + CLAIM)) {
                    keys.add(listed.key());
                }
            }
            if (!keys.isEmpty()) {
                env.store().delete(keys);
            }
        });
        env.store().delete(List.of(directory + CLAIM));
    }

    private void claim(String directory, Manifest manifest, LogWriter writer) throws InterruptedException {
        String key = root.key(directory + CLAIM);
        StoredFormat.Marker marker =
                new StoredFormat.Marker(manifest.checkpointId(), writer.generation(), writer.token());
        if (!new CreateOnly(env).put(key, StoredFormat.MARKER.encode(marker))) {
            throw taken(directory);
        }
    }

    /** One savepoint's copying. */
    private final class Copy {
        private final String directory;
        private final BooleanSupplier givenUp;
        private final Map<Slice, Slice> copies = new HashMap<>();
        private PackWriter pack;
        private String packName;
        private long copiedBytes;

        Copy(String directory, BooleanSupplier givenUp) {
            this.directory = directory;
            this.givenUp = givenUp;
            this.packName = DATA + env.randomness().uniqueName();
            this.pack = new PackWriter(packName);
        }

        Manifest run(Manifest manifest) throws InterruptedException {
            Map<Slice, String> slices = new LinkedHashMap<>();
            Reachability.forEach(manifest, (what, slice) -> slices.putIfAbsent(slice, what));
            for (Map.Entry<Slice, String> each : slices.entrySet()) {
                requireWanted();
                Slice slice = each.getKey();
                copies.put(
                        slice,
                        slice.length() >= OWN_OBJECT_BYTES
                                ? large(slice, each.getValue())
                                : small(slice, each.getValue()));
                copiedBytes += slice.length();
            }
            finishPack();
            requireWanted();
            return new Relocation(copies).of(manifest, copiedBytes);
        }

        private void requireWanted() {
            if (givenUp.getAsBoolean()) {
                throw new HoldfastException(
                        CheckpointErrors.SAVEPOINT_LATE,
                        "savepoint '" + root.key(directory) + "' was given up after " + copiedBytes + " bytes");
            }
        }

        private Slice large(Slice slice, String what) throws InterruptedException {
            String name = DATA + env.randomness().uniqueName();
            SliceContent content = new SliceContent(env.store(), root.key(slice.object()), slice, what);
            try {
                store.writeData(directory + name, content);
            } catch (StoreException e) {
                SnapshotException damage = content.damage();
                throw damage == null ? e : damage;
            }
            return new Slice(name, 0, slice.length(), slice.crc32c());
        }

        private Slice small(Slice slice, String what) throws InterruptedException {
            byte[] bytes = store.fetch(root.prefix(), slice, what);
            if (pack.sizeBytes() + bytes.length > PACK_BYTES) {
                finishPack();
            }
            return pack.append(what, Content.of(bytes), slice.crc32c());
        }

        private void finishPack() throws InterruptedException {
            if (!pack.isEmpty()) {
                store.writeData(directory + packName, pack.finish());
                packName = DATA + env.randomness().uniqueName();
                pack = new PackWriter(packName);
            }
        }
    }
}
