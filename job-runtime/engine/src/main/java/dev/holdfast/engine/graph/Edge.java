package dev.holdfast.engine.graph;

import dev.holdfast.api.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * One way from a node to another.
 *
 * @param from number of the node that emits
 * @param side name of its side output, or null for the main output
 * @param partitioning how records find their task
 * @param to number of the node that receives
 * @param input 0, or 1 for the broadcast side of a connected stream
 * @param type of the records
 */
public record Edge(int from, @Nullable String side, Partitioning partitioning, int to, int input, Type<?> type) {}
