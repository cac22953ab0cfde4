package dev.holdfast.engine.checkpoint;

/** Signatures; filled in next. */
public final class LogWriter {
    LogWriter() {}

    public long generation() {
        throw new UnsupportedOperationException();
    }

    public String token() {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends. Returns when the record is in the log. One append at a time. If it throws anything but {@link
     * FencedException}, the outcome is open: append the same record again, or begin a new generation; nothing else is taken.
     */
    public LogEntry append(LogRecord record, long wallMs) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** Checks that no newer generation has begun. */
    public void checkCurrent() {
        throw new UnsupportedOperationException();
    }
}
