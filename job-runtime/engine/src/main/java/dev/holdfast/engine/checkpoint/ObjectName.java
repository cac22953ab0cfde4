package dev.holdfast.engine.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a name below a job's root says: the way back from the names that {@link JobRoot} makes. */
sealed interface ObjectName {
    Pattern NUMBERED = Pattern.compile("(log|committed|boundary)/([0-9]{20})");
    Pattern IN_CHECKPOINT = Pattern.compile("checkpoints/([0-9]{20})/(manifest|pack)-([0-9]{1,18})-.+");
    Pattern RUN = Pattern.compile("runs/([0-9]{1,18})-([0-9]{1,18})-[^-]+\\.sst");
    Pattern IN_SAVEPOINT = Pattern.compile("savepoints/([^/]+)/(.+)");

    record LogSlot(long slot) implements ObjectName {}

    record Committed(long slot) implements ObjectName {}

    record Boundary(long slot) implements ObjectName {}

    /** A manifest, pack or run, with the checkpoint that it was written for. */
    record OfCheckpoint(long checkpointId, long generation) implements ObjectName {}

    record OfSavepoint(String savepoint, String rest) implements ObjectName {}

    /** Nothing of ours: never deleted, never read. */
    record Foreign() implements ObjectName {}

    static ObjectName parse(String name) {
        Matcher numbered = NUMBERED.matcher(name);
        if (numbered.matches()) {
            // Twenty digits may be more than a long; no such slot is ever written.
            if (numbered.group(2).compareTo(JobRoot.digits(Long.MAX_VALUE)) > 0) {
                return new Foreign();
            }
            long slot = Long.parseLong(numbered.group(2));
            return switch (numbered.group(1)) {
                case "log" -> new LogSlot(slot);
                case "committed" -> new Committed(slot);
                default -> new Boundary(slot);
            };
        }
        Matcher inCheckpoint = IN_CHECKPOINT.matcher(name);
        if (inCheckpoint.matches() && inCheckpoint.group(1).startsWith("00")) {
            return new OfCheckpoint(Long.parseLong(inCheckpoint.group(1)), Long.parseLong(inCheckpoint.group(3)));
        }
        Matcher run = RUN.matcher(name);
        if (run.matches()) {
            return new OfCheckpoint(Long.parseLong(run.group(2)), Long.parseLong(run.group(1)));
        }
        Matcher inSavepoint = IN_SAVEPOINT.matcher(name);
        if (inSavepoint.matches()) {
            return new OfSavepoint(inSavepoint.group(1), inSavepoint.group(2));
        }
        return new Foreign();
    }
}
