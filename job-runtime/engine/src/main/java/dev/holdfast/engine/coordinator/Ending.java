package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import java.util.Optional;

/** How a job is to end, with the record that its log gets. */
record Ending(Phase phase, LogRecord.Reason reason, String text, Optional<String> savepoint) {
    static final Ending CANCELED = new Ending(Phase.CANCELED, LogRecord.Reason.CANCELED, "canceled", Optional.empty());

    static final Ending FINISHED =
            new Ending(Phase.FINISHED, LogRecord.Reason.FINISHED, "all input is processed", Optional.empty());

    static Ending failed(String reason) {
        return new Ending(Phase.FAILED, LogRecord.Reason.FAILED, reason, Optional.empty());
    }

    static Ending suspended(String savepoint) {
        return new Ending(
                Phase.SUSPENDED,
                LogRecord.Reason.SUSPENDED,
                "stopped with savepoint " + savepoint,
                Optional.of(savepoint));
    }

    /** The same, with what did not end in time. */
    Ending without(String stuck) {
        return new Ending(
                phase,
                reason,
                text + "; HF-RUN-013: did not end in time, so it ends with its process: " + stuck,
                savepoint);
    }
}
