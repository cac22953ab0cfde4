/**
 * Keyed state as a write-back store. A function's constructor declares states in {@link
 * dev.holdfast.engine.state.StateDeclarations}. A slot has one {@link dev.holdfast.engine.state.SlotState}: a memory budget
 * and a {@link dev.holdfast.engine.state.SortedStore}; in it each keyed operator has a {@link
 * dev.holdfast.engine.state.KeyedState}. Reads and writes meet decoded values in memory; a barrier freezes the dirty ones in
 * constant time, a flush off the slot's thread turns them into sorted {@link dev.holdfast.engine.state.StateSegment}s, which
 * are uploaded as they are and serve the local reads. {@code KeyedState} is where to start reading.
 */
@NullMarked
package dev.holdfast.engine.state;

import org.jspecify.annotations.NullMarked;
