/**
 * Auditors: they look at the world from outside of the engine, and say which invariant does not hold. {@link
 * dev.holdfast.simulation.audit.Audit} collects what they find.
 */
@NullMarked
package dev.holdfast.simulation.audit;

import org.jspecify.annotations.NullMarked;
