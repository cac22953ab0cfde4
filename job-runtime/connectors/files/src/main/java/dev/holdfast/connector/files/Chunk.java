package dev.holdfast.connector.files;

/**
 * Bytes of a file.
 *
 * @param bytes the array behind, filled up to {@code length}
 * @param offset place of the first byte in the (unpacked) file
 * @param last whether the file ends here
 */
record Chunk(byte[] bytes, int length, long offset, boolean last) {}
