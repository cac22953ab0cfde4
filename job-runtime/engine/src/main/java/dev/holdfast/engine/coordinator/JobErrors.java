package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.LogWriter;

/** What errors mean for a job. */
final class JobErrors {
    private JobErrors() {}

    /** Whether nobody knows if a record is in the log: what it decides may be neither done nor undone. */
    static boolean leavesLogOpen(Throwable error) {
        return error instanceof HoldfastException known && LogWriter.isOpen(known);
    }

    /**
     * Whether an attempt that failed with this code would fail again in the same way: the checkpoint is damaged, or the program
     * does not fit it. Restarting cannot help, and would hide it.
     */
    static boolean isHopeless(String code) {
        return isDamage(code)
                || code.startsWith("HF-STA-01")
                || code.startsWith("HF-STA-02")
                || code.startsWith("HF-TYP")
                || code.startsWith("HF-PLN")
                || code.startsWith("HF-PAR")
                || code.equals("HF-RUN-007");
    }

    /** Whether an object of the restored checkpoint is missing or not what was written. */
    static boolean isDamage(String code) {
        return switch (code) {
            case "HF-CKP-003", "HF-CKP-004", "HF-CKP-006", "HF-CKP-007", "HF-STO-006", "HF-STO-005" -> true;
            default -> false;
        };
    }
}
