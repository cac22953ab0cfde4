package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.graph.KeyGroupRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Puts the small things that one worker has for one checkpoint into one object.
 *
 * <pre>
 * "HFPK"  format (1 byte)  sections one after the other
 * index: count (varint), then of each section: name, offset (varlong), length (varlong), CRC32C (4 bytes LE)
 * tail: offset of the index (8 bytes LE)  its length (4 bytes LE)  CRC32C of all before that is no section  "HFPE"
 * </pre>
 *
 * <p>Sections are not copied: their contents are read when the pack is written, and must not change until then. For one
 * thread.
 */
public final class PackWriter {
    static final byte[] HEAD = {'H', 'F', 'P', 'K', 1};
    static final byte[] END = {'H', 'F', 'P', 'E'};
    static final int TAIL_BYTES = 8 + 4 + 4 + END.length;

    private static final int COPY_BYTES = 64 * 1024;

    private final String object;
    private final List<PackReader.Section> sections = new ArrayList<>();
    private final List<Content> parts = new ArrayList<>();
    private long size = HEAD.length;

    /**
     * Begins a pack.
     *
     * @param object the pack's name, for the slices that point into it
     */
    public PackWriter(String object) {
        this.object = object;
        parts.add(Content.of(HEAD));
    }

    /**
     * Appends a section.
     *
     * @param name says what it is, for people and errors
     */
    public Slice append(String name, byte[] bytes) {
        return append(name, Content.of(bytes), Checksums.crc32c(bytes));
    }

    /** As {@link #append(String, byte[])}, reading the content once for its checksum. */
    public Slice append(String name, Content content) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[(int) Math.max(1, Math.min(COPY_BYTES, content.sizeBytes()))];
        try (InputStream in = content.open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
            }
        }
        return append(name, content, (int) crc.getValue());
    }

    /** As {@link #append(String, byte[])}, for content whose checksum is known. */
    public Slice append(String name, Content content, int crc32c) {
        Slice slice = new Slice(object, size, content.sizeBytes(), crc32c);
        sections.add(new PackReader.Section(name, slice));
        parts.add(content);
        size += content.sizeBytes();
        return slice;
    }

    /** Appends a piece of keyed state. */
    public Segment appendSegment(
            String name, Content content, int crc32c, Segment.Format format, KeyGroupRange keyGroups, long entries) {
        Slice slice = append(name, content, crc32c);
        return new Segment(object, slice.offset(), slice.length(), format, keyGroups, entries, crc32c);
    }

    /** Bytes so far, without index. */
    public long sizeBytes() {
        return size;
    }

    public boolean isEmpty() {
        return sections.isEmpty();
    }

    /** The whole object. Nothing may be appended afterwards. */
    public Content finish() {
        DataWriter index = new DataWriter();
        index.writeVarInt(sections.size());
        for (PackReader.Section section : sections) {
            index.writeString(section.name());
            index.writeVarLong(section.slice().offset());
            index.writeVarLong(section.slice().length());
            index.writeInt(section.slice().crc32c());
        }
        int indexBytes = index.size();
        index.writeLong(size);
        index.writeInt(indexBytes);
        index.writeInt(PackReader.frameChecksum(HEAD, index.array(), index.size()));
        index.writeBytes(END);
        List<Content> all = new ArrayList<>(parts);
        all.add(Content.of(index.toByteArray()));
        return new Chain(List.copyOf(all), size + index.size());
    }

    /** Contents one after the other. */
    private record Chain(List<Content> parts, long sizeBytes) implements Content {
        @Override
        public InputStream open() {
            return new ChainStream(parts.iterator());
        }
    }

    private static final class ChainStream extends InputStream {
        private final Iterator<Content> rest;
        private InputStream current = InputStream.nullInputStream();

        ChainStream(Iterator<Content> parts) {
            this.rest = parts;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = current.read(into, offset, length);
            while (n < 0 && rest.hasNext()) {
                current.close();
                current = rest.next().open();
                n = current.read(into, offset, length);
            }
            return n;
        }

        @Override
        public void close() throws IOException {
            current.close();
        }
    }
}
