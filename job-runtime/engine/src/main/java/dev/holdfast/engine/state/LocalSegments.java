package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Segments of the job's checkpoints that this machine has, from attempt to attempt and from process to process: a restore fetches
 * only what is not here.
 *
 * <ol>
 *   <li>What a task uploads is kept under its name in the bucket: a file gets a second name, a few bytes in memory are held. So does
 *       what a restore has fetched.
 *   <li>It stays while a checkpoint holds it that a restore may begin from: the newest complete one, and those after it.
 *   <li>A restore drops what its checkpoint does not hold.
 *   <li>Files that an earlier process left are used after their checksum was compared, once.
 * </ol>
 *
 * Names in the bucket never repeat, and bytes under a name never change; so what is here is the same as what is there. All of it may
 * be lost at any time. Callable from any thread; methods that touch the disk say so.
 */
public final class LocalSegments {
    private static final System.Logger LOG = System.getLogger(LocalSegments.class.getName());

    private static final String DIRECTORY = "kept";

    /** Directories of slots begin with it. */
    public static final String SLOT = "slot-";

    /** Names in the bucket are longer than those of files may be. */
    private static final int NAME_BYTES = 16;

    /** Files of one segment, told apart by a number behind this. */
    private static final char NUMBER = '~';

    /** Stands for the checkpoint that the present attempt began from. */
    private static final long RESTORED = Long.MIN_VALUE;

    private final LocalDisk disk;
    private final BlockingCalls calls;
    private final Map<Key, Place> places = new HashMap<>();
    /** Which segments they hold, of the checkpoints that a restore may begin from. */
    private final TreeMap<Long, Set<Key>> checkpoints = new TreeMap<>();

    private final Map<String, String> left = new HashMap<>();
    private boolean opened;
    private long files;

    /**
     * What tells a segment from all others.
     *
     * @param object key in the bucket
     */
    public record Key(String object, long offset, long length, int crc32c) {
        /**
         * The key of a segment.
         *
         * @param base where the names of the checkpoint's objects begin in the bucket
         */
        public static Key of(String base, Segment segment) {
            return new Key(base + segment.object(), segment.offset(), segment.length(), segment.crc32c());
        }

        /** A file name; two keys may share one, which their checksums tell. */
        private String fileName() {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(object.getBytes(StandardCharsets.UTF_8));
                return DIRECTORY + "/" + HexFormat.of().formatHex(digest, 0, NAME_BYTES) + "-" + offset;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    private sealed interface Place {
        record InFile(String file) implements Place {}

        record InMemory(byte[] bytes) implements Place {}
    }

    public LocalSegments(LocalDisk disk, BlockingCalls calls) {
        this.disk = disk;
        this.calls = calls;
    }

    /** An attempt begins from a checkpoint with these segments: nothing else is kept of what is here. Reads and writes the disk. */
    public void restoring(Collection<Key> wanted) {
        open();
        List<String> garbage;
        synchronized (this) {
            checkpoints.clear();
            checkpoints.put(RESTORED, Set.copyOf(wanted));
            garbage = drop();
            Set<String> names = wanted.stream().map(Key::fileName).collect(Collectors.toSet());
            left.entrySet().removeIf(file -> {
                boolean useless = !names.contains(file.getKey());
                if (useless) {
                    garbage.add(file.getValue());
                }
                return useless;
            });
        }
        garbage.forEach(this::delete);
    }

    /**
     * Finds what an earlier process left, and deletes the stores of its attempts. No slot may use the disk before that. Reads and writes
     * the disk; the first restore does it too.
     */
    public synchronized void open() {
        if (opened) {
            return;
        }
        Set<String> others = new HashSet<>();
        for (String file : disk.list("")) {
            int number = file.lastIndexOf(NUMBER);
            if (file.startsWith(DIRECTORY + "/") && number > 0) {
                String twin = left.put(file.substring(0, number), file);
                if (twin != null && !twin.equals(file)) {
                    delete(twin);
                }
                files = Math.max(files, numberOf(file.substring(number + 1)));
            } else {
                int slash = file.indexOf('/');
                String first = slash < 0 ? file : file.substring(0, slash);
                if (first.startsWith(SLOT) || first.equals(PreparedStores.DIRECTORY)) {
                    others.add(first);
                }
            }
        }
        others.forEach(this::delete);
        opened = true;
    }

    private static long numberOf(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether a segment is here. One that an earlier process left is, once {@link #verify} has found it sound. */
    synchronized boolean has(Key key) {
        return places.containsKey(key);
    }

    /** Compares what an earlier process left of a segment with its checksum; false if it is not here. Reads the file. */
    boolean verify(Key key) {
        String file;
        synchronized (this) {
            file = left.remove(key.fileName());
        }
        if (file == null) {
            return false;
        }
        try {
            if (disk.sizeBytes(file) == key.length() && Checksum.of(disk, file).crc32c() == key.crc32c()) {
                put(key, new Place.InFile(file));
                return true;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "local file '" + file + "' is not segment " + key + " any more; it is fetched from the bucket");
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "local file '" + file + "' cannot be read: " + e.getMessage());
        }
        delete(file);
        return false;
    }

    /** A file of this disk was found damaged: all are compared with their checksums before they are used again. */
    public void distrust() {
        List<String> twins = new ArrayList<>();
        synchronized (this) {
            places.entrySet().removeIf(entry -> {
                if (entry.getValue() instanceof Place.InFile(String file)) {
                    if (left.putIfAbsent(entry.getKey().fileName(), file) != null) {
                        twins.add(file);
                    }
                    return true;
                }
                return false;
            });
        }
        deleteLater(twins);
    }

    /** The bytes of a segment that is held in memory, or null. */
    public synchronized byte @Nullable [] bytes(Key key) {
        return places.get(key) instanceof Place.InMemory(byte[] bytes) ? bytes : null;
    }

    /** Gives a segment that is here the name of a file; false if it is not here, or no longer. Writes the disk. */
    public boolean link(Key key, String name) {
        Place place;
        synchronized (this) {
            place = places.get(key);
        }
        try {
            switch (place) {
                case null -> {
                    return false;
                }
                case Place.InFile(String file) -> disk.link(file, name);
                case Place.InMemory(byte[] bytes) -> write(name, bytes);
            }
            return true;
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "segment " + key + " is not here any more: " + e.getMessage());
            boolean removed;
            synchronized (this) {
                removed = places.remove(key, place);
            }
            if (removed && place instanceof Place.InFile(String file)) {
                delete(file);
            }
            return false;
        }
    }

    /**
     * A checkpoint that is being written holds a segment of this machine. Writes the disk, where the segment is new; one that cannot be
     * kept is fetched when it is needed.
     */
    public void hold(long checkpointId, Key key, StateSegment segment) {
        synchronized (this) {
            checkpoints.computeIfAbsent(checkpointId, id -> new HashSet<>()).add(key);
            if (places.containsKey(key)) {
                return;
            }
        }
        byte[] bytes = segment.bytesOrNull();
        if (bytes != null) {
            keep(key, bytes);
            return;
        }
        String file = newFile(key);
        try {
            disk.link(segment.file(), file);
            keep(key, file);
        } catch (StoreException e) {
            delete(file);
            LOG.log(System.Logger.Level.WARNING, "segment " + key + " is not kept for a restore: " + e.getMessage());
        }
    }

    /** Keeps the bytes of a segment, fetched and verified. */
    void keep(Key key, byte[] bytes) {
        put(key, new Place.InMemory(bytes));
    }

    /** Keeps a segment that was written to a {@link #newFile}, fetched and verified. */
    void keep(Key key, String file) {
        put(key, new Place.InFile(file));
    }

    /** A file that a segment may be written to. */
    String newFile(Key key) {
        synchronized (this) {
            return key.fileName() + NUMBER + ++files;
        }
    }

    private void put(Key key, Place place) {
        Place before;
        synchronized (this) {
            before = places.put(key, place);
        }
        if (before instanceof Place.InFile(String file)) {
            delete(file);
        }
    }

    /** A checkpoint is complete: no restore begins from one before it. */
    public void completed(long checkpointId) {
        List<String> garbage;
        synchronized (this) {
            if (!checkpoints.containsKey(checkpointId)) {
                return;
            }
            checkpoints.headMap(checkpointId, false).clear();
            garbage = drop();
            // What the restore has not asked for lies on another worker now.
            garbage.addAll(left.values());
            left.clear();
        }
        deleteLater(garbage);
    }

    /** A checkpoint will never be complete. */
    public void aborted(long checkpointId) {
        List<String> garbage;
        synchronized (this) {
            if (checkpoints.remove(checkpointId) == null) {
                return;
            }
            garbage = drop();
        }
        deleteLater(garbage);
    }

    /** Number of segments that are here. */
    public synchronized int size() {
        return places.size();
    }

    /** Forgets what no checkpoint holds; gives the files that may go. */
    private List<String> drop() {
        List<String> garbage = new ArrayList<>();
        places.entrySet().removeIf(entry -> {
            for (Set<Key> held : checkpoints.values()) {
                if (held.contains(entry.getKey())) {
                    return false;
                }
            }
            if (entry.getValue() instanceof Place.InFile(String file)) {
                garbage.add(file);
            }
            return true;
        });
        return garbage;
    }

    private void deleteLater(List<String> garbage) {
        if (!garbage.isEmpty()) {
            calls.start(
                    "deletion of " + garbage.size() + " kept segments",
                    () -> {
                        garbage.forEach(this::delete);
                        return garbage.size();
                    },
                    Runnable::run,
                    (count, error) -> {});
        }
    }

    /** What cannot be deleted is found by the next process. */
    void delete(String file) {
        try {
            disk.delete(file);
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "local file '" + file + "' stays: " + e.getMessage());
        }
    }

    private void write(String name, byte[] bytes) {
        try (OutputStream out = disk.create(name)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    "write of " + bytes.length + " bytes to local file '" + name + "' failed: " + e
                            + ". Check that the disk is not full.",
                    e);
        }
    }
}
