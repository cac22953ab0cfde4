/** The production side of {@code env}: the machine's clock, threads, files. The only place in the engine that touches them. */
@NullMarked
package dev.holdfast.engine.env.host;

import org.jspecify.annotations.NullMarked;
