package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.engine.env.ObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Looks into a pack without a manifest: by its index. {@link PackWriter} describes the format. */
final class PackReader {
    /** A worker's pack holds some sections for each of its tasks; more than this in an index is damage. */
    private static final int MAX_INDEX_BYTES = 64 << 20;

    /** A part of a pack. */
    record Section(String name, Slice slice) {}

    private final String object;
    private final List<Section> sections;

    private PackReader(String object, List<Section> sections) {
        this.object = object;
        this.sections = sections;
    }

    /**
     * Reads head, tail and index.
     *
     * @param key the store's key of the pack
     * @param object its name, for the slices
     * @param sizeBytes of the object, from a listing
     */
    static PackReader open(ObjectStore store, String key, String object, long sizeBytes) {
        int least = PackWriter.HEAD.length + PackWriter.TAIL_BYTES + 1;
        if (sizeBytes < least) {
            throw SnapshotException.damaged(
                    key, "expected a pack of at least " + least + " bytes, found " + sizeBytes, null);
        }
        byte[] head = ObjectReads.range(store, key, 0, PackWriter.HEAD.length, "head of pack");
        if (!Arrays.equals(head, 0, 4, PackWriter.HEAD, 0, 4)) {
            throw SnapshotException.damaged(key, "head of pack: expected HFPK, found other bytes", null);
        }
        byte[] tail =
                ObjectReads.range(store, key, sizeBytes - PackWriter.TAIL_BYTES, PackWriter.TAIL_BYTES, "tail of pack");
        if (!Arrays.equals(tail, 16, 20, PackWriter.END, 0, 4)) {
            throw SnapshotException.damaged(
                    key,
                    "tail of pack: expected HFPE at byte " + (sizeBytes - 4) + ", found other bytes; was it cut short?",
                    null);
        }
        DataReader in = new DataReader(tail);
        long indexOffset = in.readLong();
        int indexBytes = in.readInt();
        int expected = in.readInt();
        if (indexBytes < 1
                || indexBytes > MAX_INDEX_BYTES
                || indexOffset != sizeBytes - PackWriter.TAIL_BYTES - indexBytes) {
            throw SnapshotException.damaged(
                    key,
                    "tail of pack: expected an index that ends at byte " + (sizeBytes - PackWriter.TAIL_BYTES)
                            + ", found one of " + indexBytes + " bytes at byte " + indexOffset,
                    null);
        }
        byte[] index = ObjectReads.range(store, key, indexOffset, indexBytes, "index of pack");
        byte[] framed = Arrays.copyOf(index, indexBytes + 12);
        System.arraycopy(tail, 0, framed, indexBytes, 12);
        int found = frameChecksum(head, framed, framed.length);
        if (found != expected) {
            throw SnapshotException.damaged(key, "index of pack: " + Checksums.differ(expected, found), null);
        }
        if (head[4] != PackWriter.HEAD[4]) {
            throw SnapshotException.newerFormat(key, head[4], PackWriter.HEAD[4]);
        }
        return new PackReader(object, readIndex(key, object, index, indexOffset));
    }

    private static List<Section> readIndex(String key, String object, byte[] index, long indexOffset) {
        List<Section> sections = new ArrayList<>();
        try {
            DataReader in = new DataReader(index);
            int count = in.readLength();
            long next = PackWriter.HEAD.length;
            for (int i = 0; i < count; i++) {
                String name = in.readString();
                Slice slice = new Slice(object, in.readVarLong(), in.readVarLong(), in.readInt());
                if (slice.offset() != next || slice.length() > indexOffset - next) {
                    throw new IllegalStateException("section " + name + " is out of place");
                }
                next += slice.length();
                sections.add(new Section(name, slice));
            }
            if (next != indexOffset || in.remaining() != 0) {
                throw new IllegalStateException("sections end at byte " + next + ", index begins at " + indexOffset);
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw SnapshotException.damaged(key, "index of pack: " + e.getMessage(), e);
        }
        return sections;
    }

    List<Section> sections() {
        return sections;
    }

    /** Names of the sections by where they begin: for errors. */
    Map<Long, String> names() {
        Map<Long, String> names = new HashMap<>();
        sections.forEach(section -> names.put(section.slice().offset(), section.name()));
        return names;
    }

    /** Checksum of all that is no section: head, index, and the first two fields of the tail. */
    static int frameChecksum(byte[] head, byte[] indexAndPlace, int length) {
        CRC32C crc = new CRC32C();
        crc.update(head, 0, head.length);
        crc.update(indexAndPlace, 0, length);
        return (int) crc.getValue();
    }

    @Override
    public String toString() {
        return object + " " + sections;
    }
}
