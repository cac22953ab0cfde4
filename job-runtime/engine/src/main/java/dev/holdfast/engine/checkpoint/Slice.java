package dev.holdfast.engine.checkpoint;

/**
 * A part of an object, with its checksum.
 *
 * @param object name relative to the root of its snapshot: the job's root, or the savepoint's directory
 * @param offset of the first byte
 * @param length in bytes
 * @param crc32c checksum of the bytes
 */
public record Slice(String object, long offset, long length, int crc32c) {
    public Slice {
        if (object.isEmpty() || offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "not a part of an object: " + length + " bytes at " + offset + " of '" + object + "'");
        }
    }
}
