package dev.holdfast.engine.checkpoint;

/**
 * A slot of the log, as written.
 *
 * @param slot its number, also in its key: an object in the wrong place is noticed
 * @param generation of the writer; for a Begin the slot itself
 * @param token unique for the writer: who finds its own token in a slot knows that its put succeeded
 * @param wallMs wall-clock time of the writer, for people
 * @param record what it says
 */
public record LogEntry(long slot, long generation, String token, long wallMs, LogRecord record) {
    public LogEntry {
        if (slot < JobLog.FIRST_SLOT || generation < JobLog.FIRST_SLOT || generation > slot || token.isEmpty()) {
            throw new IllegalArgumentException(
                    "not a log entry: slot " + slot + " of generation " + generation + " by '" + token + "'");
        }
        if (record instanceof LogRecord.Begin != (slot == generation)) {
            throw new IllegalArgumentException(
                    "slot " + slot + " of generation " + generation + " cannot hold " + record);
        }
    }
}
