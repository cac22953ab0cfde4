package dev.holdfast.engine.checkpoint;

/** The codes of this package's errors. */
final class CheckpointErrors {
    static final String FENCED = "HF-CKP-001";
    static final String LOG_GAP = "HF-CKP-002";
    static final String DAMAGED = "HF-CKP-003";
    static final String MISSING = "HF-CKP-004";
    static final String APPEND_UNRESOLVED = "HF-CKP-005";
    static final String NEWER_FORMAT = "HF-CKP-006";
    static final String INVALID_MANIFEST = "HF-CKP-007";
    static final String NO_SUCH_CHECKPOINT = "HF-CKP-008";
    static final String NO_SUCH_SAVEPOINT = "HF-CKP-009";
    static final String SAVEPOINT_EXISTS = "HF-CKP-010";
    static final String NOT_RESTORABLE = "HF-CKP-011";
    static final String BEGIN_CONTENDED = "HF-CKP-012";
    static final String DANGLING = "HF-CKP-013";
    static final String SAVEPOINT_LATE = "HF-CKP-014";

    private CheckpointErrors() {}
}
