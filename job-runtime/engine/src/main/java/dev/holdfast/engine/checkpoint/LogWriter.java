package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.StoreException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a job's log for one generation.
 *
 * <ol>
 *   <li>Put the record at the next slot, create-only. Taken by another: fenced.
 *   <li>Read the boundary. If it is above the slot, the slot was only free because a newer generation has collected it:
 *       fenced.
 *   <li>Now, and only now, the record is in the log.
 * </ol>
 *
 * <p>Numbers of completed checkpoints rise within a generation: the last one in the log is where the job goes on. One append at
 * a time; another one waits for it. {@link #checkCurrent} does not wait.
 */
public final class LogWriter {
    private static final long WAIT_MS = 5;

    /** An append ends after its tries, each within the store's budget. */
    private static final long MAX_WAIT_MS = 600_000;

    private final Env env;
    private final JobRoot root;
    private final JobLog log;
    private final long generation;
    private final String token;
    private final AtomicBoolean appending = new AtomicBoolean();
    private volatile long nextSlot;
    private volatile @Nullable String fenced;
    private long lastCompleted;
    /** An append whose outcome is open: nothing else may be tried at its slot. */
    private @Nullable LogEntry open;

    LogWriter(Env env, JobRoot root, JobLog log, long generation, String token) {
        this.env = env;
        this.root = root;
        this.log = log;
        this.generation = generation;
        this.token = token;
        this.nextSlot = generation + 1;
    }

    /** Whether an error of {@link #append} leaves open if the record is in the log. */
    public static boolean isOpen(HoldfastException error) {
        return error.code().equals(CheckpointErrors.APPEND_UNRESOLVED);
    }

    /** The number of this generation's Begin slot. */
    public long generation() {
        return generation;
    }

    /** Unique for this writer. */
    public String token() {
        return token;
    }

    /** Where the next record goes. */
    public long nextSlot() {
        return nextSlot;
    }

    /**
     * Appends a record; when this returns, it is in the log.
     *
     * @throws FencedException if a newer generation has begun
     * @throws HoldfastException HF-CKP-005 if the outcome is open: append the same record again, or let this generation end
     *     and begin a new one. Until then the record may count: what it decides must be neither done nor undone
     * @throws StoreException if it is certain that the record was not written
     */
    public LogEntry append(LogRecord record, long wallMs) throws InterruptedException {
        for (long waitedMs = 0; !appending.compareAndSet(false, true); waitedMs += WAIT_MS) {
            if (waitedMs >= MAX_WAIT_MS) {
                throw new IllegalStateException(
                        "an append by generation " + generation + " of " + root + " never ends");
            }
            env.blocking().pause(WAIT_MS);
        }
        try {
            LogEntry waiting = open;
            if (waiting != null
                    && waiting.record() instanceof LogRecord.Collected
                    && !waiting.record().equals(record)) {
                // Nobody but the collection waits for it, and it harms nobody: it is finished on the way.
                append(waiting);
            }
            return append(entryFor(record, wallMs));
        } finally {
            appending.set(false);
        }
    }

    /**
     * Looks whether this generation is still the newest.
     *
     * @throws FencedException if not
     */
    public void checkCurrent() {
        throwIfFenced();
        // Whoever took over wrote a slot that would have been ours, and moved the boundary above before deleting it.
        long slot = nextSlot;
        Optional<LogEntry> entry = log.readSlot(slot);
        while (entry.isPresent()) {
            if (!entry.get().token().equals(token)) {
                throw fence(slot, entry);
            }
            entry = log.readSlot(++slot);
        }
        long boundary = log.readBoundary();
        if (boundary > slot) {
            throw fenceByBoundary(slot, boundary);
        }
    }

    private LogEntry entryFor(LogRecord record, long wallMs) {
        throwIfFenced();
        if (record instanceof LogRecord.Begin) {
            throw new IllegalArgumentException("a generation begins through JobLog");
        }
        if (record instanceof LogRecord.Completed completed && completed.checkpointId() <= lastCompleted) {
            throw new IllegalStateException("checkpoint " + completed.checkpointId() + " of " + root
                    + " cannot be logged after checkpoint " + lastCompleted + ", whose output may be committed");
        }
        LogEntry waiting = open;
        if (waiting == null) {
            return new LogEntry(nextSlot, generation, token, wallMs, record);
        }
        if (!waiting.record().equals(record)) {
            throw new HoldfastException(
                    CheckpointErrors.APPEND_UNRESOLVED,
                    "cannot append " + record + " to the log of " + root + " while the outcome of slot "
                            + waiting.slot() + " (" + waiting.record()
                            + ") is open. Append that again, or restart the coordinator");
        }
        return waiting;
    }

    private LogEntry append(LogEntry entry) throws InterruptedException {
        boolean ours;
        long boundary;
        try {
            ours = new CreateOnly(env).put(log.slotKey(entry.slot()), StoredFormat.LOG_ENTRY.encode(entry));
            if (ours) {
                open = entry;
            }
            boundary = log.readBoundary();
        } catch (InterruptedException e) {
            open = entry;
            throw e;
        } catch (StoreException e) {
            if (open == null && e.kind() != StoreException.Kind.UNKNOWN_OUTCOME) {
                throw e;
            }
            open = entry;
            throw new HoldfastException(
                    CheckpointErrors.APPEND_UNRESOLVED,
                    "whether slot " + entry.slot() + " of the log of " + root + " holds " + entry.record()
                            + " is open; it will be tried again. Is the store reachable? " + e.getMessage(),
                    e);
        }
        if (boundary > entry.slot()) {
            throw fenceByBoundary(entry.slot(), boundary);
        }
        if (!ours) {
            throw fence(entry.slot(), Optional.empty());
        }
        open = null;
        nextSlot = entry.slot() + 1;
        if (entry.record() instanceof LogRecord.Completed completed) {
            lastCompleted = completed.checkpointId();
        }
        return entry;
    }

    private void throwIfFenced() {
        String reason = fenced;
        if (reason != null) {
            throw new FencedException(reason);
        }
    }

    private FencedException fence(long slot, Optional<LogEntry> seen) {
        return fenced("slot " + slot + " of its log is taken by "
                + describe(() -> seen.isPresent() ? seen : log.readSlot(slot)));
    }

    private FencedException fenceByBoundary(long slot, long boundary) {
        return fenced("slot " + slot + " of its log was collected by "
                + describe(() -> Optional.of(log.read().entries().getLast())) + ", which moved the boundary to "
                + boundary);
    }

    private FencedException fenced(String why) {
        String reason = "generation " + generation + " of job " + root + " was taken over and must stop: " + why
                + ". If that coordinator was not meant to run, stop it";
        fenced = reason;
        return new FencedException(reason);
    }

    /** Names the newer writer. That it exists is certain already; that it cannot be read must not hide it. */
    private static String describe(Supplier<Optional<LogEntry>> winner) {
        try {
            return winner.get()
                    .map(entry -> "generation " + entry.generation()
                            + (entry.record() instanceof LogRecord.Begin begin ? " (" + begin.writer() + ")" : ""))
                    .orElse("a newer generation");
        } catch (HoldfastException e) {
            return "a newer generation (which cannot be read: " + e.getMessage() + ")";
        }
    }
}
