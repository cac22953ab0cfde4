package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore.Listed;
import dev.holdfast.engine.env.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The log of a job: numbered slots, each written by one create-only put. It decides everything: who may write, which
 * checkpoints are complete, which transactions are to be committed.
 *
 * <p>Taking over:
 *
 * <ol>
 *   <li>Read the boundary, list the slots from there on, and read them from the newest back. They have no gap: a writer writes
 *       slot s only after it has seen or written s - 1. A Begin says how many Begins directly before it appended nothing;
 *       these decide nothing any more and are passed over. So a read costs what is retained, however often a job was started
 *       between two checkpoints.
 *   <li>Choose what to restore from what was read.
 *   <li>Put a Begin at the next slot. If that succeeds, nothing was appended since the read, also no Collected record, so
 *       what was chosen is still there and stays. Its number is the generation; whoever wrote before now finds the slot it
 *       wants taken, and stops.
 *   <li>Read the boundary again: a slot below it was only free because it had been collected.
 * </ol>
 *
 * <p>The boundary is the highest of the create-only objects {@code boundary/<slot>}, so it cannot go back, whatever an old
 * writer does that was paused. It follows the Collected records, and is there since these are deleted with the rest.
 *
 * <p>Any number of threads and processes may read at once.
 */
public final class JobLog {
    /** Slots are numbered from here. */
    public static final long FIRST_SLOT = 1;

    /** A read starts over when a collection moves the boundary under it: at most once per checkpoint. */
    private static final int MAX_READS = 5;

    /** Takes part in a race only as often as other coordinators append between its read and its Begin. */
    private static final int MAX_BEGINS = 10;

    private static final long BEGIN_PAUSE_MS = 100;

    private final Env env;
    private final JobRoot root;
    private final StoreListing listing;

    public JobLog(Env env, JobRoot root) {
        this.env = env;
        this.root = root;
        this.listing = new StoreListing(env.store());
    }

    /** Chooses what to restore, from the log as it is just before a Begin. */
    @FunctionalInterface
    public interface Choice {
        RestoredFrom from(LogView view) throws InterruptedException;
    }

    /**
     * A generation that has begun.
     *
     * @param writer appends for it
     * @param view the log just before its Begin, from which the choice was made
     */
    public record Begun(LogWriter writer, LogView view) {}

    /**
     * Reads the log from its boundary on.
     *
     * @throws SnapshotException if a slot is damaged
     * @throws HoldfastException HF-CKP-002 if a slot is missing
     */
    public LogView read() {
        for (int attempt = 0; attempt < MAX_READS; attempt++) {
            long boundary = readBoundary();
            // Before the slots: a marker follows its slot, so each of these has one even if the log goes on meanwhile.
            Set<Long> committed = readCommitted();
            Optional<List<LogEntry>> entries = readFrom(boundary);
            if (entries.isPresent()) {
                LogView view = new LogView(boundary, entries.get(), committed);
                if (hasItsEnd(view)) {
                    return view.collected();
                }
            }
        }
        throw new HoldfastException(
                CheckpointErrors.LOG_GAP,
                "the log of " + root + " was collected while it was read, " + MAX_READS
                        + " times. Is the job running, with a very short interval of checkpoints? Try again");
    }

    /**
     * Begins a new generation, choosing again when the log moved meanwhile.
     *
     * @param writer who it is, for people
     * @param request what a user asked for, so that the log says that it was done
     */
    public Begun begin(String writer, long wallMs, RestoreOnce request, Choice choice) throws InterruptedException {
        for (int attempt = 0; attempt < MAX_BEGINS; attempt++) {
            if (attempt > 0) {
                env.blocking().pause(env.randomness().nextInt((int) BEGIN_PAUSE_MS << Math.min(attempt, 5)));
            }
            LogView view = read();
            Optional<RestoredFrom> restored = choose(view, choice);
            Optional<LogWriter> begun = restored.isEmpty()
                    ? Optional.empty()
                    : tryBegin(view, writer, restored.get(), request.honoured(view), wallMs);
            if (begun.isPresent()) {
                return new Begun(begun.get(), view);
            }
        }
        throw new HoldfastException(
                CheckpointErrors.BEGIN_CONTENDED,
                "no place in the log of " + root + " after " + MAX_BEGINS
                        + " tries: other coordinators of this job keep " + "appending to it. Stop all but one");
    }

    /** Empty if the choice failed since a running coordinator collected under it what the view still shows. */
    private Optional<RestoredFrom> choose(LogView view, Choice choice) throws InterruptedException {
        try {
            return Optional.of(choice.from(view));
        } catch (StoreException e) {
            throw e;
        } catch (HoldfastException e) {
            if (readBoundary() > view.boundary() || readSlot(view.nextSlot()).isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Begins a new generation. What {@code restored} names was chosen from {@code view}.
     *
     * @return empty if somebody appended or collected since the view was read: read again and choose again
     */
    public Optional<LogWriter> tryBegin(
            LogView view, String writer, RestoredFrom restored, Optional<RestoreIdentity> honoured, long wallMs)
            throws InterruptedException {
        if (restored instanceof RestoredFrom.Checkpoint checkpoint
                && !view.completed(checkpoint.checkpointId())
                        .filter(entry -> entry.slot() == checkpoint.slot())
                        .isPresent()) {
            throw new IllegalArgumentException(restored + " is not retained in the log that it was chosen from");
        }
        long slot = view.nextSlot();
        String token = env.randomness().uniqueName();
        LogRecord.Begin begin = new LogRecord.Begin(writer, restored, honoured, view.idleBegins());
        LogEntry entry = new LogEntry(slot, slot, token, wallMs, begin);
        if (!new CreateOnly(env).put(slotKey(slot), StoredFormat.LOG_ENTRY.encode(entry))) {
            return Optional.empty();
        }
        return slot < readBoundary() ? Optional.empty() : Optional.of(new LogWriter(env, root, this, slot, token));
    }

    /** Where the log is read from: all below may be deleted. At most what the last Collected record says. */
    long readBoundary() {
        long boundary = FIRST_SLOT;
        for (Listed listed : listing.all(root.key("boundary/"))) {
            if (ObjectName.parse(root.name(listed.key())) instanceof ObjectName.Boundary found) {
                boundary = Math.max(boundary, found.slot());
            }
        }
        return boundary;
    }

    /** The entry of a slot, if it exists. */
    Optional<LogEntry> readSlot(long slot) {
        String key = slotKey(slot);
        byte[] bytes = env.store().get(key);
        if (bytes == null) {
            return Optional.empty();
        }
        LogEntry entry = StoredFormat.LOG_ENTRY.decode(key, bytes);
        if (entry.slot() != slot) {
            throw SnapshotException.damaged(key, "expected slot " + slot + ", found slot " + entry.slot(), null);
        }
        return Optional.of(entry);
    }

    /** Slots that exist below a slot: collected, but not yet gone. */
    List<Long> slotsBelow(long slot) {
        List<Long> slots = new ArrayList<>();
        for (Listed listed : listing.all(root.key("log/"))) {
            if (ObjectName.parse(root.name(listed.key())) instanceof ObjectName.LogSlot found && found.slot() < slot) {
                slots.add(found.slot());
            }
        }
        return slots;
    }

    String slotKey(long slot) {
        return root.key(JobRoot.logSlot(slot));
    }

    /** All entries from the boundary on; empty if the boundary moved meanwhile. */
    private Optional<List<LogEntry>> readFrom(long boundary) {
        List<LogEntry> newestFirst = new ArrayList<>();
        long last = boundary == FIRST_SLOT ? 0 : boundary;
        for (Listed listed : listing.after(root.key("log/"), slotKey(boundary - 1))) {
            if (ObjectName.parse(root.name(listed.key())) instanceof ObjectName.LogSlot found) {
                last = Math.max(last, found.slot());
            }
        }
        // A listing that ran while slots were written may show a later one and not an earlier one: reading decides.
        for (long slot = last; slot >= boundary; slot = LogView.precedingSlot(newestFirst.getLast())) {
            Optional<LogEntry> entry = readSlot(slot);
            if (entry.isEmpty()) {
                if (readBoundary() > boundary) {
                    return Optional.empty();
                }
                throw gap(slot, boundary, last);
            }
            newestFirst.add(entry.get());
        }
        return Optional.of(newestFirst.reversed());
    }

    /**
     * A marker beyond the last slot means that the end of the log was collected while it was read, or was deleted, which nothing
     * else would show.
     */
    private boolean hasItsEnd(LogView view) {
        long marked = view.committed().stream().mapToLong(Long::longValue).max().orElse(0);
        if (marked < view.nextSlot()) {
            return true;
        }
        if (readSlot(marked).isEmpty() && readBoundary() <= marked) {
            throw gap(marked, view.boundary(), marked);
        }
        return false;
    }

    private HoldfastException gap(long slot, long from, long to) {
        return new HoldfastException(
                CheckpointErrors.LOG_GAP,
                "object '" + slotKey(slot) + "' is missing: the log of " + root + " must have every slot from " + from
                        + " to " + to
                        + ". Somebody or a life-cycle rule of the bucket deleted it. Bring it back from a "
                        + "version or copy of the bucket, or start the job under another id from a savepoint");
    }

    private Set<Long> readCommitted() {
        Set<Long> committed = new HashSet<>();
        for (Listed listed : listing.all(root.key("committed/"))) {
            if (ObjectName.parse(root.name(listed.key())) instanceof ObjectName.Committed found) {
                committed.add(found.slot());
            }
        }
        return committed;
    }
}
