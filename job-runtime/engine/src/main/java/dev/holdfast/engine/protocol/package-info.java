/**
 * What coordinator and workers say to each other: immutable values, nothing else. Each message names the attempt it belongs
 * to; a receiver ignores those of another one. Between two parties messages arrive in the order in which they were sent:
 * that is what keeps a split in exactly one place, and a barrier behind the splits that were assigned before it.
 */
@NullMarked
package dev.holdfast.engine.protocol;

import org.jspecify.annotations.NullMarked;
