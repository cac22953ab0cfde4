package dev.holdfast.connector.datagen;

import java.util.List;

/**
 * What was not dealt out yet.
 *
 * @param next the first index that was never dealt out
 * @param returned ranges that were dealt out and came back
 */
public record IndexCursor(long next, List<IndexRange> returned) {}
