package dev.holdfast.connector.files;

import dev.holdfast.api.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A pending file that is being written. Made on first write: a part without content has no file. Used by one thread at a time. */
final class Part {
    private final Path path;
    private final String name;
    private final CRC32C crc = new CRC32C();
    private @Nullable FileChannel channel;
    private long sizeBytes;

    /** @param name path of the file below the directory */
    Part(Path directory, String name) {
        this.path = directory.resolve(name);
        this.name = name;
    }

    String name() {
        return name;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    int crc32c() {
        return (int) crc.getValue();
    }

    void write(RowBuffer rows) {
        try {
            FileChannel to = channel;
            if (to == null) {
                to = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                channel = to;
            }
            crc.update(rows.content());
            ByteBuffer content = rows.content();
            while (content.hasRemaining()) {
                sizeBytes += to.write(content);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Closes the file, so that an interval with many parts does not hold many files open. */
    void endWriting() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw cannotWrite(e);
            }
        }
    }

    /** Forces the content to disk. */
    void force() {
        try {
            Disk.force(path);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    void delete() {
        try {
            endWriting();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private HoldfastException cannotWrite(IOException e) {
        return new HoldfastException(
                "HF-FIL-013",
                "cannot write output file " + path + " after byte " + sizeBytes + ": " + e
                        + ". Check free space and rights of the directory; the job goes on from its last checkpoint.",
                e);
    }
}
