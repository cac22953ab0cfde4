package dev.holdfast.engine.env;

/** Time. Callable from any thread. */
public interface Clock {

    /** Monotonic time in nanoseconds, from an arbitrary origin. */
    long nowNs();

    /** Wall-clock time in milliseconds since 1970, UTC. May jump; used for TTL and for people, never for order. */
    long wallMs();
}
