package dev.holdfast.engine.env;

import dev.holdfast.api.HoldfastException;
import org.jspecify.annotations.Nullable;

/** What went wrong between the engine and its bucket. The text names store, operation and key, and what the user can do. */
public final class StoreException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is, and so what the caller may do. */
    public enum Kind {
        /** No server answers, or it answers nonsense: try again later. */
        UNREACHABLE("HF-STO-001"),
        /** The bucket does not exist. */
        NO_BUCKET("HF-STO-002"),
        /** The key pair is unknown or its signature is wrong. */
        BAD_CREDENTIALS("HF-STO-003"),
        /** Known, but not allowed. */
        DENIED("HF-STO-004"),
        /** The object does not exist. */
        NOT_FOUND("HF-STO-005"),
        /** The object is not what was written. */
        DAMAGED("HF-STO-006"),
        /** The store asks for fewer requests, or failed on its side; tries are used up. */
        BUSY("HF-STO-007"),
        /** A write may or may not have happened; it may even happen later. */
        UNKNOWN_OUTCOME("HF-STO-008"),
        /** The store does not decide create-only writes. */
        NO_CONDITIONAL_WRITES("HF-STO-009"),
        /** The local disk failed or is full. */
        DISK("HF-STO-010");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /** Whether a later try of the same read can succeed without anybody changing anything. */
        public boolean isTransient() {
            return this == UNREACHABLE || this == BUSY || this == UNKNOWN_OUTCOME;
        }
    }

    private final Kind kind;

    public StoreException(Kind kind, String message) {
        this(kind, message, null);
    }

    public StoreException(Kind kind, String message, @Nullable Throwable cause) {
        super(kind.code, message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
