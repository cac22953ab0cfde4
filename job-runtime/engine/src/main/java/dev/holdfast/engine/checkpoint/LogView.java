package dev.holdfast.engine.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A job's log as it was at one moment. The log is a line, its history may turn back: a Begin that restored checkpoint 8
 * after 10 was complete makes 8 the newest again, until that generation completes its own first.
 *
 * @param boundary the first slot that counts, by the last Collected record; a completed checkpoint is retained if and only if its slot is not below it
 * @param entries all from the boundary on, oldest first, without a gap but for the Begins that a later one replaces
 * @param committed slots that have a committed marker
 */
public record LogView(long boundary, List<LogEntry> entries, Set<Long> committed) {
    public LogView {
        entries = List.copyOf(entries);
        committed = Set.copyOf(committed);
        long expected = boundary;
        for (LogEntry entry : entries) {
            if (entry.slot() < expected || precedingSlot(entry) >= expected) {
                throw new IllegalArgumentException("slot " + expected + " is missing in " + entries);
            }
            expected = entry.slot() + 1;
        }
    }

    /** The slot to read before an entry's: Begins that a later one replaces are passed over. */
    static long precedingSlot(LogEntry entry) {
        return entry.slot() - 1 - (entry.record() instanceof LogRecord.Begin begin ? begin.idleBefore() : 0);
    }

    /** How many Begins at the end of the log are replaced by one that follows. */
    long idleBegins() {
        return !entries.isEmpty() && entries.getLast().record() instanceof LogRecord.Begin begin
                ? 1 + begin.idleBefore()
                : 0;
    }

    /** The newest request of a user that was honoured. */
    Optional<RestoreIdentity> honoured() {
        for (LogEntry entry : entries.reversed()) {
            if (entry.record() instanceof LogRecord.Begin begin) {
                return begin.honoured();
            }
            if (entry.record() instanceof LogRecord.Collected collected) {
                return collected.honoured();
            }
        }
        return Optional.empty();
    }

    /** The same without what its last Collected record gave up. */
    LogView collected() {
        long newBoundary = boundary;
        for (LogEntry entry : entries) {
            if (entry.record() instanceof LogRecord.Collected collected) {
                newBoundary = Math.max(newBoundary, collected.boundary());
            }
        }
        long from = newBoundary;
        return new LogView(
                from, entries.stream().filter(entry -> entry.slot() >= from).toList(), committed);
    }

    /** Where the next record goes. */
    public long nextSlot() {
        return entries.isEmpty() ? boundary : entries.getLast().slot() + 1;
    }

    /** The generation that may append; 0 if the log is empty. */
    public long generation() {
        return entries.isEmpty() ? 0 : entries.getLast().generation();
    }

    /** One above every number in the log; pending checkpoints of dead generations may have used it, under other names. */
    public long nextCheckpointId() {
        long highest = 0;
        for (LogEntry entry : entries) {
            highest = Math.max(highest, checkpointId(entry));
        }
        return highest + 1;
    }

    /** The newest Begin, if it has not been collected. */
    public Optional<LogEntry> lastBegin() {
        return entries.reversed().stream()
                .filter(entry -> entry.record() instanceof LogRecord.Begin)
                .findFirst();
    }

    /** How the job ended, if nobody began it again since. */
    public Optional<LogRecord.End> ended() {
        return end().map(entry -> entry.record() instanceof LogRecord.End end ? end : null);
    }

    /** The entry of the job's end; collecting goes on after it. */
    Optional<LogEntry> end() {
        return entries.reversed().stream()
                .dropWhile(entry -> entry.record() instanceof LogRecord.Collected)
                .limit(1)
                .filter(entry -> entry.record() instanceof LogRecord.End)
                .findFirst();
    }

    /** Where a coordinator goes on that is told nothing else. */
    public RestoredFrom resumeFrom() {
        for (LogEntry entry : entries.reversed()) {
            if (entry.record() instanceof LogRecord.Completed completed) {
                return new RestoredFrom.Checkpoint(completed.checkpointId(), entry.slot());
            }
            if (entry.record() instanceof LogRecord.Begin begin) {
                return begin.restored();
            }
        }
        return new RestoredFrom.Nothing();
    }

    /** Completed checkpoints that can be restored, on the line of history, newest first. */
    public List<LogEntry> history() {
        List<LogEntry> line = new ArrayList<>();
        long below = nextSlot();
        for (LogEntry entry : entries.reversed()) {
            if (entry.slot() >= below) {
                continue;
            }
            if (entry.record() instanceof LogRecord.Completed) {
                line.add(entry);
            } else if (entry.record() instanceof LogRecord.Begin begin) {
                if (!(begin.restored() instanceof RestoredFrom.Checkpoint checkpoint)) {
                    break;
                }
                below = checkpoint.slot() + 1;
            }
        }
        return line;
    }

    /** Every completed checkpoint in the log, also those that history turned back from, oldest first. */
    public List<LogEntry> completed() {
        return entries.stream()
                .filter(entry -> entry.record() instanceof LogRecord.Completed)
                .toList();
    }

    /** The completed checkpoint of a number; the newest if there were several. */
    public Optional<LogEntry> completed(long checkpointId) {
        return entries.reversed().stream()
                .filter(entry -> entry.record() instanceof LogRecord.Completed completed
                        && completed.checkpointId() == checkpointId)
                .findFirst();
    }

    /**
     * Completed checkpoints whose transactions may not be committed yet, oldest first: those with committables that are
     * newer than the newest with a committed marker, since whoever commits one commits all before it.
     */
    public List<LogEntry> needsCommit() {
        List<LogEntry> open = new ArrayList<>();
        for (LogEntry entry : entries.reversed()) {
            if (entry.record() instanceof LogRecord.Completed completed) {
                if (committed.contains(entry.slot())) {
                    break;
                }
                if (completed.hasCommittables()) {
                    open.addFirst(entry);
                }
            }
        }
        return open;
    }

    private static long checkpointId(LogEntry entry) {
        return switch (entry.record()) {
            case LogRecord.Completed completed -> completed.checkpointId();
            case LogRecord.Savepoint savepoint -> savepoint.checkpointId();
            case LogRecord.Begin begin -> begin.restored() instanceof RestoredFrom.Checkpoint c ? c.checkpointId() : 0;
            case LogRecord.Collected collected -> 0;
            case LogRecord.End end -> 0;
        };
    }
}
