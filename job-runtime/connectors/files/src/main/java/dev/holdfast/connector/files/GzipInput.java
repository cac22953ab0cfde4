package dev.holdfast.connector.files;

import dev.holdfast.api.UnrecoverableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a gzip file from one end to the other; the first chunk may be anywhere, which costs unpacking all before it.
 *
 * <p>States: IDLE, and BUSY while a chunk is read; from both to CLOSED. The stream is closed by whoever leaves the state
 * last: {@link #close} if nothing is being read, or else the end of the read, so that closing never waits.
 */
final class GzipInput implements SplitInput {
    private static final int PACKED_BUFFER_BYTES = 64 << 10;

    private enum Use {
        IDLE,
        BUSY,
        CLOSED
    }

    private final Path input;
    private final InputFile file;
    private final AtomicReference<Use> use = new AtomicReference<>(Use.IDLE);
    private @Nullable InputStream stream;
    private long streamOffset;

    GzipInput(Path input, InputFile file) {
        this.input = input;
        this.file = file;
    }

    @Override
    public Chunk read(long offset, int length, byte[] into) throws IOException {
        if (!use.compareAndSet(Use.IDLE, Use.BUSY)) {
            // The task has ended: nobody will look at this.
            return new Chunk(into, 0, offset, true);
        }
        try {
            file.check(input);
            return readFrom(at(offset), length, into);
        } catch (EOFException | ZipException e) {
            throw new UnrecoverableException(
                    "HF-FIL-007",
                    "gzip file " + file.path(input) + " is damaged after unpacked byte " + streamOffset + ": "
                            + e.getMessage() + ". Check it with gzip -t; it may be cut short.",
                    e);
        } finally {
            if (!use.compareAndSet(Use.BUSY, Use.IDLE)) {
                closeStream();
            }
        }
    }

    private InputStream at(long offset) throws IOException {
        InputStream open = stream;
        if (open == null) {
            InputStream packed = Files.newInputStream(file.path(input));
            try {
                open = new GZIPInputStream(packed, PACKED_BUFFER_BYTES);
            } catch (IOException e) {
                packed.close();
                throw e;
            }
            stream = open;
        }
        while (streamOffset < offset) {
            long skipped = open.skip(offset - streamOffset);
            if (skipped == 0) {
                throw new UnrecoverableException(
                        "HF-FIL-004",
                        "input file " + file.path(input) + " has changed: found its end at unpacked byte "
                                + streamOffset
                                + ", expected to go on at byte " + offset
                                + ". Put the old file back, or start the job anew without its checkpoint.");
            }
            streamOffset += skipped;
        }
        return open;
    }

    private Chunk readFrom(InputStream open, int length, byte[] into) throws IOException {
        long offset = streamOffset;
        int filled = 0;
        boolean last = false;
        while (filled < length && !last) {
            int count = open.read(into, filled, length - filled);
            if (count < 0) {
                last = true;
            } else {
                filled += count;
                streamOffset += count;
            }
        }
        return new Chunk(into, filled, offset, last);
    }

    @Override
    public void close() throws IOException {
        if (use.getAndSet(Use.CLOSED) == Use.IDLE) {
            closeStream();
        }
    }

    private void closeStream() throws IOException {
        InputStream open = stream;
        stream = null;
        if (open != null) {
            open.close();
        }
    }
}
