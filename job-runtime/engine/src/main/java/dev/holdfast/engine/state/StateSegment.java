package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.graph.KeyGroupRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sorted piece of a bucket's state on this machine: a file of the local disk, or a few bytes in memory. Its bytes never
 * change. They stay as long as a bucket's list or a pending snapshot refers to it.
 *
 * <p>Threads: references are counted by the slot's alone. All else is read by the upload's as well: it never changes,
 * but for {@link #confirmed}, of which an upload may see either value.
 */
public final class StateSegment {
    private final LocalDisk disk;
    private final @Nullable String file;
    private final byte @Nullable [] bytes;
    private final Segment.Format format;
    private final KeyGroupRange keyGroups;
    private final long sizeBytes;
    private final long entries;
    private final int crc32c;
    private @Nullable Segment confirmed;
    private int references;

    StateSegment(
            LocalDisk disk,
            @Nullable String file,
            byte @Nullable [] bytes,
            Segment.Format format,
            KeyGroupRange keyGroups,
            long sizeBytes,
            long entries,
            int crc32c) {
        if ((file == null) == (bytes == null)) {
            throw new IllegalArgumentException("a segment is either a file or bytes in memory");
        }
        this.disk = disk;
        this.file = file;
        this.bytes = bytes;
        this.format = format;
        this.keyGroups = keyGroups;
        this.sizeBytes = sizeBytes;
        this.entries = entries;
        this.crc32c = crc32c;
    }

    /**
     * The bytes; reading them throws HF-STA-026 where a disk has damaged them. Callable from any thread as long as a snapshot with this
     * segment is pending.
     */
    public Content content() {
        if (bytes != null) {
            return Content.of(bytes);
        }
        return new CheckedContent(disk.content(file()), crc32c, file());
    }

    /** All bytes of a segment of the format ENTRIES; a file has no checksums of its own within. */
    private byte[] whole() {
        if (bytes != null) {
            return bytes;
        }
        byte[] read = disk.read(file());
        int found = Checksum.of(read, 0, read.length);
        if (found != crc32c) {
            throw CheckedContent.damaged(file(), crc32c, found);
        }
        return read;
    }

    public Segment.Format format() {
        return format;
    }

    /** The key groups of the entries inside. */
    public KeyGroupRange keyGroups() {
        return keyGroups;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** Number of entries, deletions included. */
    public long entries() {
        return entries;
    }

    public int crc32c() {
        return crc32c;
    }

    /** Where the same bytes lie in the bucket, once a checkpoint that holds them is complete; null before. */
    public @Nullable Segment confirmed() {
        return confirmed;
    }

    void confirm(Segment remote) {
        confirmed = remote;
    }

    /** Opens the entries for reading. */
    EntryCursor open(SortedStore store) {
        return switch (format) {
            case SST -> store.openTable(file());
            case ENTRIES -> {
                byte[] whole = whole();
                yield new EntryBytes(whole, 0, whole.length).cursor();
            }
        };
    }

    /** Puts segments into the store; where they have a key in common, its value is the same. */
    static void load(List<StateSegment> segments, SortedStore store) {
        List<String> files = segments.stream()
                .filter(segment -> segment.format == Segment.Format.SST)
                .map(StateSegment::file)
                .toList();
        if (!files.isEmpty()) {
            store.ingest(files);
        }
        for (StateSegment segment : segments) {
            if (segment.format == Segment.Format.ENTRIES) {
                byte[] whole = segment.whole();
                store.write(new EntryBytes(whole, 0, whole.length));
            }
        }
    }

    void retain() {
        references++;
    }

    /** Gives one reference up; true if that was the last one and the bytes may go. */
    boolean release() {
        if (references <= 0) {
            throw new IllegalStateException("segment " + this + " was released more often than retained");
        }
        return --references == 0;
    }

    int references() {
        return references;
    }

    /** The file, or null if the bytes are in memory. */
    @Nullable String fileOrNull() {
        return file;
    }

    /** The bytes if they are in memory, else null; not to be changed. */
    byte @Nullable [] bytesOrNull() {
        return bytes;
    }

    String file() {
        if (file == null) {
            throw new IllegalStateException("segment " + this + " has no file");
        }
        return file;
    }

    @Override
    public String toString() {
        return (file == null ? "in memory" : file) + " (" + format + ", key groups " + keyGroups + ", " + entries
                + " entries, " + sizeBytes + " bytes)";
    }
}
