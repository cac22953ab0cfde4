package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the bucket says of a job, for people: read from the log alone, beside a running coordinator or without one.
 *
 * @param begin the newest generation; empty if the job never began, or its Begin was collected
 * @param generation the newest; 0 if the job never began
 * @param end how the job ended, if nobody has begun it again
 * @param checkpoints retained ones, newest first
 * @param savepoints complete ones below the job's root, by name
 * @param next what a start that is told nothing else goes on from
 */
public record JobHistory(
        long generation,
        Optional<LogEntry> begin,
        Optional<LogRecord.End> end,
        List<Checkpoint> checkpoints,
        List<String> savepoints,
        RestoredFrom next) {
    public JobHistory {
        checkpoints = List.copyOf(checkpoints);
        savepoints = List.copyOf(savepoints);
    }

    /**
     * A retained checkpoint.
     *
     * @param entry its place in the log
     * @param committed whether all of its transactions are committed, or it has none
     * @param past whether a start turned back behind it: then it can only be asked for by number
     */
    public record Checkpoint(long id, LogEntry entry, boolean committed, boolean past) {}

    /** Reads the bucket. Blocks. */
    public static JobHistory read(Env env, JobRoot root) {
        LogView view = new JobLog(env, root).read();
        Set<Long> onTheLine = new HashSet<>();
        view.history().forEach(entry -> onTheLine.add(entry.slot()));
        Set<Long> open = new HashSet<>();
        view.needsCommit().forEach(entry -> open.add(entry.slot()));
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (LogEntry entry : view.completed().reversed()) {
            if (entry.record() instanceof LogRecord.Completed completed) {
                checkpoints.add(new Checkpoint(
                        completed.checkpointId(),
                        entry,
                        !open.contains(entry.slot()),
                        !onTheLine.contains(entry.slot())));
            }
        }
        return new JobHistory(
                view.generation(),
                view.lastBegin(),
                view.ended(),
                checkpoints,
                savepoints(env, root),
                view.resumeFrom());
    }

    private static List<String> savepoints(Env env, JobRoot root) {
        List<String> names = new ArrayList<>();
        new StoreListing(env.store()).all(root.key("savepoints/")).forEach(listed -> {
            if (ObjectName.parse(root.name(listed.key())) instanceof ObjectName.OfSavepoint(String name, String rest)
                    && rest.equals(Savepoints.MANIFEST)
                    && Savepoints.hasManifest(env.store(), root.key(JobRoot.savepoint(name)))) {
                names.add(name);
            }
        });
        return names;
    }
}
