package dev.holdfast.launcher.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as texts. */
final class Times {
    private Times() {}

    static String of(long wallMs) {
        return Instant.ofEpochMilli(wallMs).toString();
    }

    /** None for 0. */
    static @Nullable String orNone(long wallMs) {
        return wallMs == 0 ? null : of(wallMs);
    }
}
