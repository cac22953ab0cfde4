package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * An error that would come again after a restart: the input does not exist, output is gone, no run can ever take this value.
 * The job ends as failed at once, whatever its restart strategy says. Its checkpoints stay, so that the next start goes on
 * from the last one when a person has mended the cause; the text says how.
 *
 * <p>Functions, sources and sinks throw it wherever they may throw, on the task's thread and in background calls. It counts
 * as the cause of another exception too, so whoever wraps it takes nothing away. A commit that throws it is not tried again.
 *
 * <p>Not for what may pass by itself, such as a server that is away or a disk that is full: there the job must try again.
 */
public class UnrecoverableException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** The code of those that are thrown without one. */
    public static final String UNNAMED = "HF-RUN-016";

    public UnrecoverableException(String message) {
        this(UNNAMED, message);
    }

    public UnrecoverableException(String message, @Nullable Throwable cause) {
        this(UNNAMED, message, cause);
    }

    /** For libraries that give each of their errors a code, as {@link HoldfastException} has it. */
    public UnrecoverableException(String code, String message) {
        this(code, message, null);
    }

    /** See {@link #UnrecoverableException(String, String)}. */
    public UnrecoverableException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
