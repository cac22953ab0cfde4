package dev.holdfast.engine.state;

import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/** Checksums of local files, and of what was read from them. */
final class Checksum {
    private static final int BUFFER_BYTES = 64 * 1024;

    private Checksum() {}

    /** CRC32C of some bytes. */
    static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Length and CRC32C of a file. Blocks. */
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
