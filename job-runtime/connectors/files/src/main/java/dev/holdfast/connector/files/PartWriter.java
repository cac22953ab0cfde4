package dev.holdfast.connector.files;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.connector.TransactionalSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Writes the pending files of one task.
 *
 * <p>1. Rows are collected in memory. 2. At a number of bytes they are written to the open part, on the task's
 * thread: that is a copy to the page cache, some 50 us, and the only thing that can slow a writer down to the speed of the
 * disk. 3. A part of the wanted size is closed and followed by another one. 4. At the barrier all parts, and the rows that
 * are still in memory, are handed to the call that writes the rest, forces all of it to disk and describes it. A task that
 * writes less than a buffer in an interval never touches the disk itself.
 */
final class PartWriter<T> implements TransactionalSink.Writer<T, PendingFile> {
    private final Path directory;
    private final OutputNames names;
    private final RowEncoder<? super T> encoder;
    private final long rollBytes;
    private final int bufferBytes;

    private RowBuffer buffer;
    private List<Part> fullParts = new ArrayList<>();
    private @Nullable Part openPart;
    private long filesBegun;

    PartWriter(Path directory, OutputNames names, RowEncoder<? super T> encoder, long rollBytes, int bufferBytes) {
        this.directory = directory;
        this.names = names;
        this.encoder = encoder;
        this.rollBytes = rollBytes;
        this.bufferBytes = bufferBytes;
        this.buffer = new RowBuffer(bufferBytes);
    }

    @Override
    public void write(T record) {
        encoder.encode(record, buffer);
        if (buffer.size() >= bufferBytes || buffer.size() >= rollBytes) {
            writeBuffer();
        }
    }

    private void writeBuffer() {
        Part part = openPart == null ? newPart() : openPart;
        openPart = part;
        part.write(buffer);
        buffer.clear();
        if (part.sizeBytes() >= rollBytes) {
            openPart = null;
            fullParts.add(part);
            part.endWriting();
        }
    }

    private Part newPart() {
        return new Part(directory, names.pending(filesBegun++));
    }

    @Override
    public Callable<List<PendingFile>> prepare(long checkpointId) {
        // What the call gets is its own: rows of the next interval come while it runs, also into a buffer that is empty
        // now.
        RowBuffer rest = buffer.size() > 0 ? buffer : null;
        List<Part> parts = fullParts;
        Part last = openPart;
        if (rest != null) {
            last = last == null ? newPart() : last;
            buffer = new RowBuffer(bufferBytes);
        }
        if (last == null && parts.isEmpty()) {
            return List::of;
        }
        fullParts = new ArrayList<>();
        openPart = null;
        Part lastPart = last;
        return () -> complete(checkpointId, parts, lastPart, rest);
    }

    private List<PendingFile> complete(
            long checkpointId, List<Part> full, @Nullable Part last, @Nullable RowBuffer rest) {
        List<Part> parts = new ArrayList<>(full);
        if (last != null) {
            if (rest != null) {
                last.write(rest);
            }
            last.endWriting();
            parts.add(last);
        }
        List<PendingFile> files = new ArrayList<>();
        for (Part part : parts) {
            part.force();
            files.add(new PendingFile(
                    directory.toString(),
                    part.name(),
                    names.visible(checkpointId, files.size()),
                    part.sizeBytes(),
                    part.crc32c()));
        }
        Path pending = directory.resolve(names.pendingDirectory());
        try {
            Disk.force(pending);
        } catch (IOException e) {
            throw new HoldfastException("HF-FIL-013", "cannot force directory " + pending + " to disk: " + e, e);
        }
        return List.copyOf(files);
    }

    @Override
    public void close() {
        for (Part part : fullParts) {
            part.delete();
        }
        fullParts = new ArrayList<>();
        if (openPart != null) {
            openPart.delete();
            openPart = null;
        }
    }
}
