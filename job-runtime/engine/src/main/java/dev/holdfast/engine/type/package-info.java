/**
 * From types to bytes. {@link dev.holdfast.engine.type.TypeSerializers} derives a {@link
 * dev.holdfast.engine.type.TypeSerializer} from a {@link dev.holdfast.api.type.Type}; each has a {@link
 * dev.holdfast.engine.type.Schema} that is stored beside the bytes, and {@link dev.holdfast.engine.type.Evolution} says
 * whether and how the bytes of an older schema are read today. The formats are frozen by golden files.
 */
@NullMarked
package dev.holdfast.engine.type;

import org.jspecify.annotations.NullMarked;
