package dev.holdfast.engine.protocol;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed, as values: exceptions stay in the process in which they were thrown.
 *
 * @param text without the code
 * @param unrecoverable whether the next attempt would fail in the same way
 */
public record Failure(String code, String text, boolean unrecoverable) {
    /** A chain of causes that is longer goes round. */
    private static final int MOST_CAUSES = 100;

    /**
     * The failure that an error is.
     *
     * @param fallbackCode for errors that have no code
     */
    public static Failure of(Throwable error, String fallbackCode) {
        boolean unrecoverable = isUnrecoverable(error);
        return error instanceof HoldfastException known
                ? new Failure(known.code(), known.text(), unrecoverable)
                : new Failure(fallbackCode, error.toString(), unrecoverable);
    }

    /** Whether an error says that restarting cannot help, or has a cause that does. */
    public static boolean isUnrecoverable(Throwable error) {
        @Nullable Throwable next = error;
        for (int causes = 0; next != null && causes < MOST_CAUSES; causes++) {
            if (next instanceof UnrecoverableException) {
                return true;
            }
            next = next.getCause();
        }
        return false;
    }

    /** The same failure with where it happened in front of the text. */
    public Failure in(String where) {
        return new Failure(code, where + ": " + text, unrecoverable);
    }

    public String message() {
        return code + ": " + text;
    }
}
