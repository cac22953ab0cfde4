package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import org.jspecify.annotations.Nullable;

/** An object that a checkpoint, savepoint or the log needs is missing or is not what was written. */
public final class SnapshotException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String object;

    private SnapshotException(String code, String object, String message, @Nullable Throwable cause) {
        super(code, message, cause);
        this.object = object;
    }

    /**
     * @param object the store's key
     * @param expectedAndFound such as {@code expected x, found y}
     */
    static SnapshotException damaged(String object, String expectedAndFound, @Nullable Throwable cause) {
        return new SnapshotException(
                CheckpointErrors.DAMAGED, object, "object '" + object + "' is damaged: " + expectedAndFound, cause);
    }

    static SnapshotException missing(String object, String neededBy, @Nullable Throwable cause) {
        return new SnapshotException(
                CheckpointErrors.MISSING, object, "object '" + object + "' is missing; it is " + neededBy, cause);
    }

    static SnapshotException invalid(String object, String what) {
        return new SnapshotException(
                CheckpointErrors.INVALID_MANIFEST, object, "manifest '" + object + "' cannot be right: " + what, null);
    }

    static SnapshotException newerFormat(String object, int found, int known) {
        return new SnapshotException(
                CheckpointErrors.NEWER_FORMAT,
                object,
                "object '" + object + "' has format " + found + "; this version reads formats up to " + known
                        + ". Start the job with the version that wrote it, or a newer one",
                null);
    }

    /** The store's key of the object. */
    public String object() {
        return object;
    }
}
