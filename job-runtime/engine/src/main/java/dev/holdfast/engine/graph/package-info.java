/**
 * What runs, as values. A program's calls become a {@link dev.holdfast.engine.graph.LogicalGraph}; that is checked and
 * chained into a {@link dev.holdfast.engine.graph.Plan}, whose fingerprint is the same in every process. Key groups, the
 * frozen rule by which a key finds its task, live here as well.
 */
@NullMarked
package dev.holdfast.engine.graph;

import org.jspecify.annotations.NullMarked;
