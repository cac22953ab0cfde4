package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.graph.KeyGroupRange;

/**
 * A sorted piece of the keyed state of one operator and one bucket of key groups, as it lies in the bucket. Immutable and
 * named once for all time.
 *
 * @param object key of the object, relative to the job's root in the bucket: a run, or a pack that holds this among others
 * @param offset of the first byte in the object
 * @param length in bytes
 * @param format how the bytes are to be read
 * @param keyGroups the key groups of the entries inside
 * @param entries number of entries, deletions included
 * @param crc32c checksum of the bytes
 */
public record Segment(
        String object, long offset, long length, Format format, KeyGroupRange keyGroups, long entries, int crc32c) {

    /** How the bytes of a segment are to be read. */
    public enum Format {
        /** A RocksDB table file: ingested as it is. */
        SST,
        /** Sorted entries one after the other: written as a batch. */
        ENTRIES
    }
}
