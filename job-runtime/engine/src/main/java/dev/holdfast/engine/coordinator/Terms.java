package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.graph.Plan;

/**
 * What workers are let in to.
 *
 * @param generation of the coordinator
 * @param parallelism of operators that set none
 * @param plan that every worker must have too
 */
public record Terms(long generation, int parallelism, Plan plan) {}
