package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Reads and writes the objects of a job's checkpoints. What it reads is verified, and what is damaged or missing is named
 * ({@link SnapshotException}). Any number of threads may use one at once.
 */
public final class CheckpointStore {
    private final Env env;
    private final JobRoot root;

    public CheckpointStore(Env env, JobRoot root) {
        this.env = env;
        this.root = root;
    }

    /** What the names in checkpoints' manifests of this job are relative to. */
    public String base() {
        return root.prefix();
    }

    /** Writes a checkpoint's manifest under a new name. It means nothing until the log names it. */
    public ManifestRef writeManifest(Manifest manifest) throws InterruptedException {
        String name = JobRoot.manifest(
                manifest.checkpointId(), manifest.generation(), env.randomness().uniqueName());
        byte[] bytes = encode(root.key(name), manifest);
        if (!new CreateOnly(env).put(root.key(name), bytes)) {
            throw new IllegalStateException("object '" + root.key(name) + "' exists; its name was to be unique");
        }
        return refTo(name, bytes);
    }

    /** Reads the manifest that a log slot names. */
    public Manifest readManifest(ManifestRef ref) {
        String key = root.key(ref.name());
        byte[] bytes = env.store().get(key);
        if (bytes == null) {
            throw SnapshotException.missing(key, "the manifest that the log names", null);
        }
        if (bytes.length != ref.sizeBytes()) {
            throw SnapshotException.damaged(
                    key, "manifest: expected " + ref.sizeBytes() + " bytes, found " + bytes.length, null);
        }
        int found = Checksums.crc32c(bytes);
        if (found != ref.crc32c()) {
            throw SnapshotException.damaged(key, "manifest: " + Checksums.differ(ref.crc32c(), found), null);
        }
        return decode(key, bytes);
    }

    /**
     * Checks that what a manifest takes over from others is still retained, and so not being deleted: what it points at was
     * uploaded for it, or a retained checkpoint points at it too. To be called before a checkpoint is completed.
     *
     * @param retained manifests of the checkpoints that the collection keeps at least until this one is in the log
     * @throws HoldfastException HF-CKP-013 otherwise: the checkpoint must fail
     */
    public void requireRetained(Manifest manifest, java.util.Collection<Manifest> retained) {
        Set<String> kept = new HashSet<>();
        retained.forEach(each -> kept.addAll(Reachability.reachable(each)));
        for (String name : Reachability.reachable(manifest)) {
            boolean own = ObjectName.parse(name) instanceof ObjectName.OfCheckpoint(long checkpointId, long generation)
                    && checkpointId == manifest.checkpointId()
                    && generation == manifest.generation();
            if (!own && !kept.contains(name)) {
                throw new HoldfastException(
                        CheckpointErrors.DANGLING,
                        "checkpoint " + manifest.checkpointId() + " of " + root + " points at object '" + root.key(name)
                                + "', which is not its own and which no retained checkpoint has");
            }
        }
    }

    static byte[] encode(String key, Manifest manifest) {
        ManifestInvariants.check(key, manifest);
        return StoredFormat.MANIFEST.encode(manifest);
    }

    static ManifestRef refTo(String name, byte[] bytes) {
        return new ManifestRef(name, bytes.length, Checksums.crc32c(bytes));
    }

    /** Decodes and checks a manifest that nothing but its own checksum vouches for. */
    static Manifest decode(String key, byte[] bytes) {
        Manifest manifest = StoredFormat.MANIFEST.decode(key, bytes);
        ManifestInvariants.check(key, manifest);
        return manifest;
    }

    /**
     * Writes a pack, run or other object of data under a name that was never used before.
     *
     * @param name from {@link JobRoot}, with a fresh unique part
     */
    public void writeData(String name, Content content) throws InterruptedException {
        String key = root.key(name);
        new DataPut(env).put(key, content);
    }

    /**
     * Reads a slice.
     *
     * @param base what its object's name is relative to: {@link RestorePoint#base}
     * @param what it is, for errors
     */
    public byte[] fetch(String base, Slice slice, String what) {
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(slice.length(), Integer.MAX_VALUE - 8));
        try {
            copy(base + slice.object(), slice, what, out);
        } catch (IOException e) {
            throw new IllegalStateException("an array cannot fail to take bytes", e);
        }
        return out.toByteArray();
    }

    /** Reads a segment into memory. */
    public byte[] fetch(String base, Segment segment) {
        return fetch(base, sliceOf(segment), describe(segment));
    }

    /**
     * Reads a segment into a file, range after range. Ranges in parallel are the caller's affair: one segment per call.
     *
     * @param file replaced if it exists; removed if the segment turns out to be damaged
     */
    public void fetchTo(String base, Segment segment, LocalDisk disk, String file) {
        boolean complete = false;
        try (OutputStream out = disk.create(file)) {
            copy(base + segment.object(), sliceOf(segment), describe(segment), out);
            complete = true;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DISK, "cannot write local file '" + file + "': " + e.getMessage(), e);
        } finally {
            if (!complete) {
                disk.delete(file);
            }
        }
    }

    /** The place of a segment's bytes. */
    public static Slice sliceOf(Segment segment) {
        return new Slice(segment.object(), segment.offset(), segment.length(), segment.crc32c());
    }

    static String describe(Segment segment) {
        return "segment of key groups " + segment.keyGroups() + " (" + segment.length() + " bytes from byte "
                + segment.offset() + ")";
    }

    /** Copies a slice and compares its checksum at the end: what was written before an error is to be thrown away. */
    void copy(String key, Slice slice, String what, OutputStream out) throws IOException {
        CRC32C crc = new CRC32C();
        long done = 0;
        while (done < slice.length()) {
            int length = (int) Math.min(ObjectReads.RANGE_BYTES, slice.length() - done);
            byte[] bytes = ObjectReads.range(env.store(), key, slice.offset() + done, length, what);
            crc.update(bytes);
            out.write(bytes);
            done += length;
        }
        int found = (int) crc.getValue();
        if (found != slice.crc32c()) {
            throw SnapshotException.damaged(key, what + ": " + Checksums.differ(slice.crc32c(), found), null);
        }
    }
}
