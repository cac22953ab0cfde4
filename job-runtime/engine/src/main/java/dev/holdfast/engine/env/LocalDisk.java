package dev.holdfast.engine.env;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory that belongs to one process. Names are relative, with {@code /} between parts. What is here can be lost at
 * any time without losing data. All methods may block and throw {@link StoreException} of kind DISK (or NOT_FOUND).
 */
public interface LocalDisk {

    /** Creates a file, with its directories, replacing one that exists. The caller closes the stream. */
    OutputStream create(String name);

    byte[] read(String name);

    byte[] readRange(String name, long offset, int length);

    /** The file as something to upload; it must not change while it is read. */
    Content content(String name);

    /** A second name for the same file; a copy where the disk cannot link. */
    void link(String existing, String name);

    boolean exists(String name);

    long sizeBytes(String name);

    /** Names of all files below a directory, sorted; empty if there is none. */
    List<String> list(String directory);

    /** Deletes a file or a whole directory; does nothing if there is none. */
    void delete(String name);

    /**
     * Where the file or directory really is, for native code; its parent directory exists afterwards.
     *
     * @throws UnsupportedOperationException on the twin in memory, which has no such place
     */
    Path path(String name);
}
