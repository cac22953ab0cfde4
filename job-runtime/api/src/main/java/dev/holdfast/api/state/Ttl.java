package dev.holdfast.api.state;

import java.time.Duration;

/**
 * Time to live of a state, by processing time. A value older than this is never shown, and is removed from files when
 * they are rewritten. Lists and maps expire entry by entry.
 *
 * @param after at least 1 ms; counted from the last write, or the last read too with {@code refreshOnRead}
 * @param refreshOnRead whether a read counts as a write
 */
public record Ttl(Duration after, boolean refreshOnRead) {

    public Ttl {
        if (after.toMillis() < 1) {
            throw new IllegalArgumentException("time to live must be at least 1 ms, found " + after);
        }
    }

    public static Ttl afterWrite(Duration after) {
        return new Ttl(after, false);
    }

    public static Ttl afterAccess(Duration after) {
        return new Ttl(after, true);
    }
}
