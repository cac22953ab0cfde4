/**
 * A source that makes its records, and a sink that drops them. {@link dev.holdfast.connector.datagen.Datagen} gives every
 * record an index; record <i>i</i> depends on the seed and on <i>i</i> alone. Its enumerator deals out ranges of indices
 * to readers that keep to a rate ({@code Pace}). {@link dev.holdfast.connector.datagen.Discard} is the sink.
 */
@NullMarked
package dev.holdfast.connector.datagen;

import org.jspecify.annotations.NullMarked;
