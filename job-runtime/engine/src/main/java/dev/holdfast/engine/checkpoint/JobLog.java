package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;
import java.util.Optional;

/** Signatures; filled in next. */
public final class JobLog {
    /** Slots are numbered from here. */
    public static final long FIRST_SLOT = 1;

    public JobLog(Env env, JobRoot root) {}

    /** Reads the log from its boundary on. */
    public LogView read() throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /**
     * Begins a new generation. What {@code restored} names was chosen from {@code view}.
     *
     * @return empty if somebody appended or collected since the view was read: read again and choose again
     */
    public Optional<LogWriter> tryBegin(LogView view, String writer, RestoredFrom restored, long wallMs)
            throws InterruptedException {
        throw new UnsupportedOperationException();
    }
}
