package dev.holdfast.engine.state;

/**
 * What a keyed state did so far. Counters only grow.
 *
 * @param hits reads that met an entry in memory
 * @param misses reads that did not; {@code storeReads} of them asked the store
 * @param prefetched entries that a prefetch brought in
 * @param evicted entries
 * @param entries in memory now
 * @param memoryBytes about what they take
 * @param dirtyBytes of them, changed since the last freeze
 * @param flushes with or without a barrier; {@code spills} of them without
 * @param flushedEntries entries written by flushes
 * @param flushNs time that flushes took, off the slot's thread
 * @param folds segments merged away, {@code foldedBytes} read for it
 * @param failedFolds folds that ended with an error; they are tried again
 * @param segments now, {@code segmentBytes} in them
 */
public record StateStatistics(
        long hits,
        long misses,
        long storeReads,
        long prefetched,
        long evicted,
        long entries,
        long memoryBytes,
        long dirtyBytes,
        long flushes,
        long spills,
        long flushedEntries,
        long flushNs,
        long folds,
        long foldedBytes,
        long failedFolds,
        long segments,
        long segmentBytes) {}
