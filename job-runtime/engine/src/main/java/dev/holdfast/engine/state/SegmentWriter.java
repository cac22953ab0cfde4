package dev.holdfast.engine.state;

import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.graph.KeyGroupRange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Makes one segment out of entries in ascending order of keys. Blocks; for the thread of a flush, fold or restore. */
final class SegmentWriter implements AutoCloseable {
    private final SlotState slot;
    private final SortedStore.@Nullable TableWriter table;
    private final @Nullable DataWriter entries;
    private @Nullable String file;
    private boolean finished;
    private long count;
    private int firstKeyGroup;
    private int lastKeyGroup;

    /** @param expectedBytes decides the form */
    SegmentWriter(SlotState slot, long expectedBytes) {
        this.slot = slot;
        if (expectedBytes >= slot.thresholds().tableBytes()) {
            file = slot.newFile();
            table = slot.store().newTable(file);
            entries = null;
        } else {
            table = null;
            entries = new DataWriter((int) Math.max(64, expectedBytes));
        }
    }

    void add(byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
        int keyGroup = KeyWriter.keyGroup(key, keyOffset);
        if (count++ == 0) {
            firstKeyGroup = keyGroup;
        }
        lastKeyGroup = keyGroup;
        if (table != null) {
            table.add(key, keyOffset, keyLength, value, valueOffset, valueLength);
        } else if (entries != null) {
            EntryBytes.append(entries, key, keyOffset, keyLength, value, valueOffset, valueLength);
        }
    }

    /** The segment, or null if nothing was added. */
    @Nullable StateSegment finish() {
        if (count == 0) {
            return null;
        }
        LocalDisk disk = slot.disk();
        KeyGroupRange keyGroups = new KeyGroupRange(firstKeyGroup, lastKeyGroup);
        StateSegment segment;
        if (table != null && file != null) {
            table.finish();
            Checksum.OfStream found = Checksum.of(disk, file);
            segment = new StateSegment(
                    disk, file, null, Segment.Format.SST, keyGroups, found.length(), count, found.crc32c());
        } else {
            byte[] bytes = entries == null ? new byte[0] : entries.toByteArray();
            if (bytes.length >= slot.thresholds().memoryBytes()) {
                file = slot.newFile();
                writeFile(disk, file, bytes);
            }
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length);
            segment = new StateSegment(
                    disk,
                    file,
                    file == null ? bytes : null,
                    Segment.Format.ENTRIES,
                    keyGroups,
                    bytes.length,
                    count,
                    (int) crc.getValue());
        }
        finished = true;
        return segment;
    }

    private static void writeFile(LocalDisk disk, String name, byte[] bytes) {
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

    @Override
    public void close() {
        if (table != null) {
            table.close();
        }
        String unfinished = file;
        if (!finished && unfinished != null) {
            slot.disk().delete(unfinished);
        }
    }
}
