package dev.holdfast.connector.files;

import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.api.type.Type;
import java.nio.file.Path;

/**
 * Writes records to files in a directory of a local or shared POSIX file system. Every record is in exactly one visible
 * file, whatever fails.
 *
 * <p>What comes between two checkpoints goes to files below {@code .pending}, one or more for each task. At the barrier they
 * are completed and forced to disk; once the checkpoint is decided, an atomic rename makes them visible. Visible files
 * never change. Their names end in checkpoint, task, attempt and number, so sorting by name is sorting by time.
 *
 * <p>A file may be moved or deleted by others once a later checkpoint has made its own files visible; until then a restart
 * may look for it. If it is gone, or is not what was written, the job ends as failed ({@code HF-FIL-010}, {@code
 * HF-FIL-011}) and so does each start until the file is back: nothing is passed over. Going back to a checkpoint that is not the newest one
 * does not take back what later ones have made visible. The pending files of a job that was given up stay below {@code
 * .pending} under its id and may be deleted.
 *
 * <p>All tasks, and all machines the job ever runs on, must see the same directory under the same path.
 *
 * <p>Immutable: each option gives a new sink.
 */
public final class ExactlyOnceFiles<T> implements TransactionalSink<T, PendingFile> {
    private static final long DEFAULT_ROLL_BYTES = 128L << 20;
    private static final int DEFAULT_BUFFER_BYTES = 256 << 10;

    private final Path directory;
    private final RowEncoder<? super T> encoder;
    private final String suffix;
    private final long rollBytes;
    private final int bufferBytes;

    private ExactlyOnceFiles(
            Path directory, RowEncoder<? super T> encoder, String suffix, long rollBytes, int bufferBytes) {
        this.directory = directory.toAbsolutePath().normalize();
        this.encoder = encoder;
        this.suffix = suffix;
        this.rollBytes = rollBytes;
        this.bufferBytes = bufferBytes;
    }

    /** Each record is a line of UTF-8, ended by LF. Line ends within a record are written as they are. */
    public static ExactlyOnceFiles<String> lines(Path directory) {
        return of(directory, (String line, RowBuffer out) -> out.append(line).append('\n'))
                .suffix(".txt");
    }

    /**
     * Each record is a line with a JSON value, ended by LF. Records are objects; collections and arrays are arrays; maps are
     * objects, their keys written as text; enums are their names; an empty optional is null; a {@code byte[]} is Base64; a
     * {@code java.time} value is its ISO-8601 text. A case of a sealed interface is written like any record, without its
     * name. Anything else, and a number that JSON does not know (NaN, infinity), is an error ({@code HF-FIL-014}). Where
     * another form is needed, use {@link #of}.
     */
    public static ExactlyOnceFiles<Object> json(Path directory) {
        return of(directory, new JsonRows()).suffix(".jsonl");
    }

    /** Each record becomes the bytes that the encoder writes. */
    public static <T> ExactlyOnceFiles<T> of(Path directory, RowEncoder<T> encoder) {
        return new ExactlyOnceFiles<>(directory, encoder, "", DEFAULT_ROLL_BYTES, DEFAULT_BUFFER_BYTES);
    }

    /** End of the names of visible files, such as {@code .csv}: letters, digits and dots. */
    public ExactlyOnceFiles<T> suffix(String newSuffix) {
        if (!newSuffix.matches("[A-Za-z0-9.]{0,20}")) {
            throw new IllegalArgumentException(
                    "suffix is '" + newSuffix + "', expected at most 20 letters, digits and dots");
        }
        return new ExactlyOnceFiles<>(directory, encoder, newSuffix, rollBytes, bufferBytes);
    }

    /** A file that has grown to this size is followed by another one of the same checkpoint; 128 MiB unless set. */
    public ExactlyOnceFiles<T> rollBytes(long newRollBytes) {
        if (newRollBytes < 1) {
            throw new IllegalArgumentException("rollBytes is " + newRollBytes + ", expected 1 or more");
        }
        return new ExactlyOnceFiles<>(directory, encoder, suffix, newRollBytes, bufferBytes);
    }

    /** Rows that each task collects in memory before it writes them; 256 KiB unless set. */
    public ExactlyOnceFiles<T> bufferBytes(int newBufferBytes) {
        if (newBufferBytes < 1) {
            throw new IllegalArgumentException("bufferBytes is " + newBufferBytes + ", expected 1 or more");
        }
        return new ExactlyOnceFiles<>(directory, encoder, suffix, rollBytes, newBufferBytes);
    }

    @Override
    public Type<PendingFile> committableType() {
        return Type.of(PendingFile.class);
    }

    @Override
    public Writer<T, PendingFile> writer(SinkContext context) {
        return new PartWriter<>(directory, new OutputNames(context, suffix), encoder, rollBytes, bufferBytes);
    }

    @Override
    public Committer<PendingFile> committer(SinkContext context) {
        return new PartCommitter(
                directory, new OutputNames(context, suffix), context.index(), context.parallelism(), context.attempt());
    }
}
