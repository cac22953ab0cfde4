/**
 * Types of values that travel or are kept. {@link dev.holdfast.api.type.Type} names a type; the engine derives the
 * serializer of records, sealed interfaces, enums, primitives, strings, {@code java.time}, lists, sets, maps, optionals
 * and byte arrays from it. A {@link dev.holdfast.api.type.Serializer} of one's own is used only where the program says
 * so.
 */
@NullMarked
package dev.holdfast.api.type;

import org.jspecify.annotations.NullMarked;
