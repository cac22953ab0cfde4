package dev.holdfast.engine.checkpoint;

import java.util.zip.CRC32C;

/** CRC32C (Castagnoli), the checksum of everything in the bucket. */
public final class Checksums {
    private Checksums() {}

    public static int crc32c(byte[] bytes) {
        return crc32c(bytes, 0, bytes.length);
    }

    public static int crc32c(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    static String hex(int crc32c) {
        return String.format("%08x", crc32c);
    }

    /** The middle of an error text. */
    static String differ(int expected, int found) {
        return "expected CRC32C " + hex(expected) + ", found " + hex(found);
    }
}
