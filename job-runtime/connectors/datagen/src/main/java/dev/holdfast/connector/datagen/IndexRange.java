package dev.holdfast.connector.datagen;

/**
 * Indices of records that are still to be made.
 *
 * @param next the first one
 * @param end the first one after the range
 */
public record IndexRange(long next, long end) {

    public IndexRange {
        if (next < 0 || next >= end) {
            throw new IllegalArgumentException("not a range of indices: " + next + " to " + end);
        }
    }
}
