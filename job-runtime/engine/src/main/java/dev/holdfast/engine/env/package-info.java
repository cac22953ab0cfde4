/**
 * The only door to the outside. Whatever in the engine needs time, chance, a thread, a file or an object in the bucket
 * gets it from an {@link dev.holdfast.engine.env.Env}. Production uses {@code env.host}; the tests use {@code
 * env.simulated}: one thread, virtual time, one seed. Nothing in these interfaces knows what a job is.
 */
@NullMarked
package dev.holdfast.engine.env;

import org.jspecify.annotations.NullMarked;
