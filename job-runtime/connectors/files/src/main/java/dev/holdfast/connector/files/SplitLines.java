package dev.holdfast.connector.files;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Output;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.connector.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one split, on the task's thread but for the fetching of chunks.
 *
 * <p>1. Chunks are fetched one after the other, {@value #CHUNKS_AHEAD} ahead, up to a little behind the end of the split;
 * beyond that only while its last line goes on. 2. If the split starts in the middle of a file, the first chunk begins one
 * byte before it: all up to the first LF belongs to the split before. 3. Lines are cut from the chunk; a line that goes on
 * in the next chunk is collected in {@code rest}. 4. The split ends when the next line would start at its end or later.
 *
 * <p>So each line is read by exactly one split, whatever the ranges: the one with its first byte.
 */
final class SplitLines {
    /** One that is being fetched while one is being read. */
    private static final int CHUNKS_AHEAD = 2;
    /** Fetched behind the end of a split at once: most last lines end within. */
    private static final int TAIL_BYTES = 4 << 10;

    private static final char REPLACEMENT = '\uFFFD';

    private final Path input;
    private final FileSplit split;
    private final LineFormat format;
    private final Background background;
    private final ArrayDeque<byte[]> spareBuffers;
    private final Runnable fetched;
    private final SplitInput source;

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long fetchOffset;
    private boolean fetching;
    private boolean allFetched;

    private @Nullable Chunk chunk;
    private int at;
    private boolean skipping;
    private boolean finished;
    /** First byte of the next line; while skipping, the split's position. */
    private long nextLine;
    /** First byte of the line that was emitted last, or that is being emitted. */
    private long currentLine;

    private byte[] rest = new byte[256];
    private int restLength;

    /**
     * @param spareBuffers arrays of the size of a chunk for reuse, shared by the splits of one reader
     * @param fetched told after a chunk came
     */
    SplitLines(
            Path input,
            FileSplit split,
            LineFormat format,
            Background background,
            ArrayDeque<byte[]> spareBuffers,
            Runnable fetched) {
        this.input = input;
        this.split = split;
        this.format = format;
        this.background = background;
        this.spareBuffers = spareBuffers;
        this.fetched = fetched;
        source = split.gzip() ? new GzipInput(input, split.inputFile()) : new PlainInput(input, split.inputFile());
        nextLine = split.nextByte();
        currentLine = nextLine;
        skipping = split.startByte() > 0 && split.nextByte() == split.startByte();
        fetchOffset = skipping ? nextLine - 1 : nextLine;
        finished = nextLine >= split.endByte();
        allFetched = finished;
    }

    boolean finished() {
        return finished;
    }

    /** Whether nothing more of the range has to be fetched. */
    boolean allFetched() {
        return allFetched || finished;
    }

    /** The split at its position, or null if all of it was read. */
    @Nullable FileSplit snapshot() {
        return finished || nextLine >= split.endByte() ? null : split.at(nextLine);
    }

    String position() {
        return describe(currentLine);
    }

    void close() throws IOException {
        source.close();
    }

    /** Fetches ahead as far as the bounds allow. */
    void fetchAhead() {
        if (!allFetched() && chunks.size() < CHUNKS_AHEAD) {
            fetch();
        }
    }

    /**
     * Emits up to {@code max} lines.
     *
     * @return how many; fewer than {@code max} if the split is {@link #finished} or the next chunk is not there yet
     */
    int read(Output<String> out, int max) {
        int emitted = 0;
        while (emitted < max && !finished) {
            if (!skipping && nextLine >= split.endByte()) {
                finish();
                break;
            }
            Chunk current = chunk();
            if (current == null) {
                fetch();
                break;
            }
            int newline = Newlines.find(current.bytes(), at, current.length());
            if (newline >= 0) {
                int start = at;
                at = newline + 1;
                long lineEnd = current.offset() + at;
                if (skipping) {
                    skipping = false;
                    nextLine = lineEnd;
                } else {
                    emit(out, current.bytes(), start, newline, lineEnd);
                    emitted++;
                }
                continue;
            }
            if (skipping) {
                if (current.last() || current.offset() + current.length() >= split.endByte()) {
                    finish();
                }
            } else {
                collect(current.bytes(), at, current.length());
                if (current.last()) {
                    if (restLength > 0) {
                        emit(out, current.bytes(), 0, 0, current.offset() + current.length());
                        emitted++;
                    }
                    finish();
                }
            }
            release(current);
        }
        return emitted;
    }

    private @Nullable Chunk chunk() {
        if (chunk == null) {
            chunk = chunks.poll();
            at = 0;
            fetchAhead();
        }
        return chunk;
    }

    private void release(Chunk done) {
        chunk = null;
        spareBuffers.push(done.bytes());
    }

    private void finish() {
        finished = true;
    }

    private void fetch() {
        if (fetching) {
            return;
        }
        fetching = true;
        byte[] spare = spareBuffers.poll();
        byte[] into = spare == null ? new byte[format.chunkBytes()] : spare;
        long offset = fetchOffset;
        long untilEnd = Math.max(0, split.endByte() - offset);
        int length = (int) Math.min(into.length, untilEnd > into.length ? untilEnd : untilEnd + TAIL_BYTES);
        background.run(
                "read " + split.inputFile().path(input) + " at byte " + offset,
                () -> source.read(offset, length, into),
                this::chunkCame);
    }

    private void chunkCame(Chunk came) {
        fetching = false;
        fetchOffset = came.offset() + came.length();
        allFetched = came.last() || fetchOffset >= split.endByte();
        if (finished) {
            spareBuffers.push(came.bytes());
            return;
        }
        chunks.add(came);
        fetchAhead();
        fetched.run();
    }

    private void emit(Output<String> out, byte[] bytes, int start, int end, long lineEnd) {
        currentLine = nextLine;
        String line;
        if (restLength > 0) {
            collect(bytes, start, end);
            line = decode(rest, 0, restLength);
            restLength = 0;
        } else {
            line = decode(bytes, start, end);
        }
        nextLine = lineEnd;
        out.emit(line);
    }

    private void collect(byte[] bytes, int start, int end) {
        int length = restLength + end - start;
        // One byte more may be the CR.
        if (length < 0 || length - 1 > format.maxLineBytes()) {
            throw tooLong();
        }
        if (length > rest.length) {
            rest = Arrays.copyOf(rest, Math.max(length, 2 * rest.length));
        }
        System.arraycopy(bytes, start, rest, restLength, end - start);
        restLength = length;
    }

    private String decode(byte[] bytes, int start, int lineEnd) {
        int end = lineEnd > start && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (end - start > format.maxLineBytes()) {
            throw tooLong();
        }
        String line = new String(bytes, start, end - start, format.charset());
        // Instant for text without chars above U+00FF, which is kept in bytes.
        if (line.indexOf(REPLACEMENT) >= 0 && !format.replaceMalformed()) {
            checkUtf8(bytes, start, end);
        }
        return line;
    }

    private void checkUtf8(byte[] bytes, int start, int end) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, end - start));
        } catch (CharacterCodingException e) {
            throw new UnrecoverableException(
                    "HF-FIL-006",
                    "the line at " + describe(currentLine) + " is not UTF-8: " + e.getMessage()
                            + ". Name the right charset with TextFiles.charset, or use replaceMalformed() to read on with"
                            + " U+FFFD in place of such bytes.",
                    e);
        }
    }

    private HoldfastException tooLong() {
        return new UnrecoverableException(
                "HF-FIL-005",
                "the line at " + describe(nextLine) + " has more than " + format.maxLineBytes()
                        + " bytes. Check that the file is text with line ends, or raise TextFiles.maxLineBytes.");
    }

    private String describe(long offset) {
        return split.inputFile().path(input) + ", " + (split.gzip() ? "unpacked byte " : "byte ") + offset
                + (split.round() > 0 ? ", round " + (split.round() + 1) : "");
    }
}
