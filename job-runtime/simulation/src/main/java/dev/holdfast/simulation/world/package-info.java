/**
 * What a simulated job lives in: pods, bucket, network, the systems behind its sinks, and who breaks them. Start reading at {@link
 * dev.holdfast.simulation.world.Cluster}.
 */
@NullMarked
package dev.holdfast.simulation.world;

import org.jspecify.annotations.NullMarked;
