/**
 * What a job author compiles against. A job is a {@link dev.holdfast.api.StreamProgram}: one class with one method that
 * describes a graph of streams on a {@link dev.holdfast.api.StreamGraph}. Functions ({@link
 * dev.holdfast.api.KeyedProcess} and its smaller siblings) run on one task thread each and need no locks. State is
 * declared in {@link dev.holdfast.api.state}, types in {@link dev.holdfast.api.type}, and the contracts for sources and
 * sinks are in {@link dev.holdfast.api.connector}.
 *
 * <p>The engine calls into these packages; they call nothing but the JDK.
 */
@NullMarked
package dev.holdfast.api;

import org.jspecify.annotations.NullMarked;
