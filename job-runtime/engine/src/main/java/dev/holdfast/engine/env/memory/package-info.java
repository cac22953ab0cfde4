/**
 * The bucket as a sorted map: {@link dev.holdfast.engine.env.memory.MemoryObjectStore}. For tests, and for clusters inside
 * one process whose data may die with it.
 */
@NullMarked
package dev.holdfast.engine.env.memory;

import org.jspecify.annotations.NullMarked;
