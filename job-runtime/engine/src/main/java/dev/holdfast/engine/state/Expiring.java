package dev.holdfast.engine.state;

/** A value or element that is shown until a time. Immutable, so that it is frozen like any other value. */
record Expiring(Object value, long expiresMs) {
    /** Of values that were written when their state had no time to live. */
    static final long NEVER_MS = Long.MAX_VALUE;

    boolean isExpired(long nowMs) {
        return expiresMs <= nowMs;
    }
}
