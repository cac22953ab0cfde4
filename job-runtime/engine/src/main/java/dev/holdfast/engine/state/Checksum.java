package dev.holdfast.engine.state;

import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/** Checksums of local files. Blocks. */
final class Checksum {
    private static final int BUFFER_BYTES = 64 * 1024;

    private Checksum() {}

    /** Length and CRC32C of a file. */
    static OfStream of(LocalDisk disk, String file) {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        long length = 0;
        try (InputStream in = disk.content(file).open()) {
            for (int n; (n = in.read(buffer)) > 0; ) {
                crc.update(buffer, 0, n);
                length += n;
            }
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    "read of local file '" + file + "' failed: " + e + ". Check the disk.",
                    e);
        }
        return new OfStream(length, (int) crc.getValue());
    }

    /** What was read. */
    record OfStream(long length, int crc32c) {}
}
