package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.LogWriter;

/** What errors mean for a job. */
final class JobErrors {
    private JobErrors() {}

    /** Why a process has to end. */
    static String notEnding(String what) {
        return "HF-RUN-013: the attempt cannot be ended, only the end of this process can do that: " + what
                + ". Start the job again: it goes on from its last checkpoint";
    }

    /** Whether nobody knows if a record is in the log: what it decides may be neither done nor undone. */
    static boolean leavesLogOpen(Throwable error) {
        return error instanceof HoldfastException known && LogWriter.isOpen(known);
    }

    /** Whether an object of the restored checkpoint is missing or not what was written. */
    static boolean isDamage(String code) {
        return switch (code) {
            case "HF-CKP-003", "HF-CKP-004", "HF-CKP-006", "HF-CKP-007", "HF-STO-006", "HF-STO-005" -> true;
            default -> false;
        };
    }
}
