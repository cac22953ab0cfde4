package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.JobHistory;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.RestoredFrom;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.storage.s3.ObjectStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists what is in the bucket of a job. Needs no process of the job, and changes nothing. */
final class CheckpointsLauncher {
    private CheckpointsLauncher() {}

    /**
     * Reads and prints.
     *
     * @param json as one object for programs
     * @throws HoldfastException if the store or the log cannot be read
     */
    static ExitCode run(Map<String, String> settings, boolean json, Terminal terminal) {
        JobRoot root = JobConfiguration.root(new Typed(settings));
        try (ObjectStore store = ObjectStores.open(JobConfiguration.storage(settings))) {
            JobHistory history =
                    JobHistory.read(HostEnv.of(Path.of(System.getProperty("java.io.tmpdir")), store), root);
            if (json) {
                terminal.say(Json.write(describe(root, history)));
            } else {
                lines(root, store.describe(), history).forEach(terminal::say);
            }
            return ExitCode.DONE;
        }
    }

    static Map<String, Object> describe(JobRoot root, JobHistory history) {
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("job", root.toString());
        job.put("generation", history.generation());
        history.begin().ifPresent(begin -> {
            job.put("begun", Instant.ofEpochMilli(begin.wallMs()).toString());
            if (begin.record() instanceof LogRecord.Begin said) {
                job.put("writer", said.writer());
            }
        });
        history.end().ifPresent(end -> {
            job.put("ended", end.reason().toString());
            job.put("reason", end.text());
        });
        job.put(
                "checkpoints",
                history.checkpoints().stream()
                        .map(CheckpointsLauncher::describe)
                        .toList());
        job.put("savepoints", history.savepoints());
        job.put("next", next(history));
        return job;
    }

    private static Map<String, Object> describe(JobHistory.Checkpoint checkpoint) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("id", checkpoint.id());
        described.put("slot", checkpoint.entry().slot());
        described.put("generation", checkpoint.entry().generation());
        described.put(
                "completed", Instant.ofEpochMilli(checkpoint.entry().wallMs()).toString());
        described.put("committed", checkpoint.committed());
        described.put("past", checkpoint.past());
        return described;
    }

    static List<String> lines(JobRoot root, String store, JobHistory history) {
        java.util.ArrayList<String> lines = new java.util.ArrayList<>();
        lines.add("job " + root + " in " + store);
        if (history.generation() == 0) {
            lines.add("the job has never begun");
        } else {
            lines.add("generation " + history.generation()
                    + history.begin()
                            .map(begin -> " began " + Instant.ofEpochMilli(begin.wallMs())
                                    + (begin.record() instanceof LogRecord.Begin said ? " by " + said.writer() : ""))
                            .orElse(""));
        }
        history.end().ifPresent(end -> lines.add("ended: " + end.reason() + ", " + end.text()));
        lines.add(history.checkpoints().isEmpty() ? "no checkpoints" : "checkpoints, newest first:");
        for (JobHistory.Checkpoint checkpoint : history.checkpoints()) {
            lines.add("  " + checkpoint.id() + "  completed "
                    + Instant.ofEpochMilli(checkpoint.entry().wallMs()) + " by generation "
                    + checkpoint.entry().generation() + (checkpoint.committed() ? "" : ", not known to be committed")
                    + (checkpoint.past() ? ", a start turned back behind it" : ""));
        }
        lines.add(
                history.savepoints().isEmpty()
                        ? "no savepoints"
                        : "savepoints: " + String.join(", ", history.savepoints()));
        lines.add("a start goes on from " + next(history));
        return lines;
    }

    private static String next(JobHistory history) {
        boolean finished = history.end()
                .filter(end -> end.reason() == LogRecord.Reason.FINISHED)
                .isPresent();
        if (finished) {
            return "nothing: the job has finished";
        }
        return switch (history.next()) {
            case RestoredFrom.Nothing() -> "nothing, with empty state";
            case RestoredFrom.Checkpoint(long id, long slot) -> "checkpoint " + id;
            case RestoredFrom.Savepoint(String location) -> "savepoint " + location;
        };
    }
}
