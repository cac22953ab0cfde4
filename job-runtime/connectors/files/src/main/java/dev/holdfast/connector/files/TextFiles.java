package dev.holdfast.connector.files;

import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a text file, or of the files of a directory, plain or gzip (names that end in {@code .gz}).
 *
 * <p>A line ends with LF or CR LF, which are not part of it, or with the file. Order: within a split, that of the file;
 * none between splits. Plain files are split by byte range, and a line belongs to the split that holds its first byte; a
 * gzip file is one split, and going on in the middle means unpacking it from its start.
 *
 * <p>The files are listed once, when the job starts for the first time, with their sizes and times of modification; names
 * that begin with a dot are left out. An input that does not exist then ends the job as failed at once, and so does a file
 * that is gone or was changed when its turn comes: the positions of the checkpoint would mean other lines. Put the file back
 * and start the job again; it goes on from its last checkpoint. The listing is part of every checkpoint, about 100 bytes for
 * each file.
 *
 * <p>Immutable: each option gives a new source.
 */
public final class TextFiles implements Source<String, FileSplit, FileCursor> {
    /** Large enough that a request for the next split is rare, small enough to spread one file over all tasks. */
    private static final long DEFAULT_SPLIT_BYTES = 16L << 20;
    /** A longer line is rather a file without lines. */
    private static final int DEFAULT_MAX_LINE_BYTES = 1 << 20;
    /** A chunk comes from the page cache in less than a millisecond, and a fetch costs little beside it. */
    private static final int CHUNK_BYTES = 512 << 10;
    /** A line must fit into one array together with the rest of a chunk. */
    private static final int LARGEST_MAX_LINE_BYTES = 1 << 30;

    private final Path input;
    private final LineFormat format;
    private final long splitSizeBytes;
    private final long rounds;
    private final boolean recursive;

    private TextFiles(Path input, LineFormat format, long splitSizeBytes, long rounds, boolean recursive) {
        this.input = input;
        this.format = format;
        this.splitSizeBytes = splitSizeBytes;
        this.rounds = rounds;
        this.recursive = recursive;
    }

    /** The lines of a file, or of all files that lie directly in a directory; UTF-8. */
    public static TextFiles lines(Path input) {
        return new TextFiles(
                input,
                new LineFormat(StandardCharsets.UTF_8, DEFAULT_MAX_LINE_BYTES, false, CHUNK_BYTES),
                DEFAULT_SPLIT_BYTES,
                1,
                false);
    }

    /** UTF-8 (unless set) or ISO-8859-1: in both a byte 10 is a line end, wherever a split begins. */
    public TextFiles charset(Charset charset) {
        if (!charset.equals(StandardCharsets.UTF_8) && !charset.equals(StandardCharsets.ISO_8859_1)) {
            throw new IllegalArgumentException("charset is " + charset + ", expected UTF-8 or ISO-8859-1");
        }
        return with(format.charset(charset));
    }

    /** Puts U+FFFD in place of bytes that are not UTF-8; unless set, they are an error ({@code HF-FIL-006}). */
    public TextFiles replaceMalformed() {
        return with(format.replacingMalformed());
    }

    /** A line with more bytes, its end not counted, is an error ({@code HF-FIL-005}); 1 MiB unless set. */
    public TextFiles maxLineBytes(int maxLineBytes) {
        if (maxLineBytes < 1 || maxLineBytes > LARGEST_MAX_LINE_BYTES) {
            throw new IllegalArgumentException(
                    "maxLineBytes is " + maxLineBytes + ", expected 1 to " + LARGEST_MAX_LINE_BYTES);
        }
        return with(format.maxLineBytes(maxLineBytes));
    }

    /** Length of the byte ranges of plain files; 16 MiB unless set. May change between two starts of a job. */
    public TextFiles splitSizeBytes(long splitSizeBytes) {
        if (splitSizeBytes < 1) {
            throw new IllegalArgumentException("splitSizeBytes is " + splitSizeBytes + ", expected 1 or more");
        }
        return new TextFiles(input, format, splitSizeBytes, rounds, recursive);
    }

    /** Reads the whole input this many times, one round after the other; for demonstrations and load. */
    public TextFiles repeat(long times) {
        if (times < 1) {
            throw new IllegalArgumentException("repeat is " + times + ", expected 1 or more");
        }
        return new TextFiles(input, format, splitSizeBytes, times, recursive);
    }

    /** Reads the files of all directories below the input as well. */
    public TextFiles recursive() {
        return new TextFiles(input, format, splitSizeBytes, rounds, true);
    }

    /** Smaller chunks let tests reach every place where one ends. */
    TextFiles chunkBytes(int chunkBytes) {
        return with(format.chunkBytes(chunkBytes));
    }

    private TextFiles with(LineFormat newFormat) {
        return new TextFiles(input, newFormat, splitSizeBytes, rounds, recursive);
    }

    @Override
    public Type<String> type() {
        return Type.of(String.class);
    }

    @Override
    public Type<FileSplit> splitType() {
        return Type.of(FileSplit.class);
    }

    @Override
    public Type<FileCursor> enumeratorType() {
        return Type.of(FileCursor.class);
    }

    @Override
    public SplitEnumerator<FileSplit, FileCursor> enumerator(
            EnumeratorContext<FileSplit> context, @Nullable FileCursor restored) {
        return new FileEnumerator(context, new Listing(input, recursive), splitSizeBytes, rounds, restored);
    }

    @Override
    public SourceReader<String, FileSplit> reader(ReaderContext context) {
        return new LineReader(input, format, context);
    }
}
