package dev.holdfast.engine.state;

/**
 * Sizes at which state changes its form. Not settings: tests make them small.
 *
 * @param tableBytes entries of at least this size become a table file. Smaller files would cost the store more in open
 *     files and levels than a batch does (E 6.2: never ingest below 1 MB)
 * @param cutBytes a flush encodes about this much before it writes it out: bounds its memory
 * @param memoryBytes entries below this stay in memory instead of a file each
 * @param inlineElements a list or map of up to this many elements is one entry
 * @param inlineBytes and as long as it takes no more than this
 * @param partElements elements of a map's part, on average
 * @param foldSegments a bucket with more segments is folded
 * @param valueBytes a value, an element, or the pairs of one part of a map take no more: a multiple of this is held in one
 *     piece of memory, in several places, while it is flushed
 */
public record Thresholds(
        int tableBytes,
        int cutBytes,
        int memoryBytes,
        int inlineElements,
        int inlineBytes,
        int partElements,
        int foldSegments,
        int valueBytes) {
    public static final Thresholds DEFAULT = new Thresholds(1 << 20, 64 << 20, 16 << 10, 64, 4096, 16, 8, 256 << 20);
}
