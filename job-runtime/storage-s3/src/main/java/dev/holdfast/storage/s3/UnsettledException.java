package dev.holdfast.storage.s3;

/** It cannot be told yet whether a lost try was done; a look a moment later may tell. */
final class UnsettledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsettledException(String message) {
        super(message);
    }
}
