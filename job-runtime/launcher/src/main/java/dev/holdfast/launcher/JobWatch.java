package dev.holdfast.launcher;

import dev.holdfast.engine.coordinator.JobStatus;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints the progress of a job that this process coordinates, until it has ended.
 *
 * <p>A signal ends the process as a kill would, and the next start goes on from the last checkpoint: the log gets no End,
 * which would say that the job itself is over. With a savepoint to take on stop, the process waits until that is complete.
 */
final class JobWatch {
    /** How long a record, a new phase or the end may go unseen. */
    private static final long LOOK_MS = 20;

    private final CoordinationConfiguration configuration;
    private final Terminal terminal;
    private final Job job;
    private final @Nullable RecordCount records;
    private final Progress progress;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ExitCode code = ExitCode.FAILED;
    private volatile boolean stopping;

    /** The job that is watched. Any thread may call. */
    interface Job {
        JobStatus status();

        void stopWithSavepoint(String name);

        /** Frees what the process holds on its machine; the process is about to end. */
        void release();
    }

    /** A job whose tasks run in this process too. */
    interface WithTasks extends Job {
        /** Records that the sources have read in the present attempt. */
        long sourceRecords();
    }

    JobWatch(CoordinationConfiguration configuration, Terminal terminal, Job job) {
        this.configuration = configuration;
        this.terminal = terminal;
        this.job = job;
        this.records = job instanceof WithTasks ? new RecordCount(System.nanoTime()) : null;
        this.progress = records == null ? Progress.withoutRecords() : Progress.withRecords(records);
    }

    /** Returns when the job has ended. */
    ExitCode untilEnd() throws InterruptedException {
        Thread hook = new Thread(this::stopBySignal, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        code = watch();
        ended.countDown();
        if (!stopping) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return code;
    }

    private ExitCode watch() throws InterruptedException {
        JobStatus.Phase lastPhase = JobStatus.Phase.STARTING;
        boolean first = true;
        long lastNs = System.nanoTime();
        while (true) {
            JobStatus status = job.status();
            if (records != null && job instanceof WithTasks tasks) {
                records.count(tasks.sourceRecords());
            }
            if (status.phase().isFinal()) {
                terminal.say(progress.end(status));
                ExitCode ending = ExitCode.of(status.phase());
                if (ending != ExitCode.DONE) {
                    terminal.error(status.message(), null);
                }
                return ending;
            }
            if (stopping && status.message().startsWith("stop with savepoint")) {
                terminal.error(status.message(), null);
                return ExitCode.FAILED;
            }
            long nowNs = System.nanoTime();
            boolean firstRecord = first && records != null && records.records() > 0;
            boolean due = firstRecord
                    || status.phase() != lastPhase
                    || nowNs - lastNs >= configuration.progressInterval().toNanos();
            if (due && !(stopping && endsAtOnce())) {
                terminal.say(progress.line(status, nowNs, System.currentTimeMillis()));
                lastNs = nowNs;
                lastPhase = status.phase();
                first = first && !firstRecord;
            }
            ended.await(LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static String whatIsNext(JobStatus status) {
        if (status.generation() == 0) {
            return "the job had not begun";
        }
        long last = status.lastCheckpoint().map(JobStatus.CheckpointInfo::id).orElse(status.restoredCheckpoint());
        return "the next start goes on from "
                + (last == 0 ? "the beginning, or a first checkpoint" : "checkpoint " + last + " or a newer one");
    }

    private boolean endsAtOnce() {
        return configuration.savepointOnStop().isEmpty();
    }

    /** On a thread of the JVM's, while all others run on. When it returns, the JVM ends. */
    private void stopBySignal() {
        stopping = true;
        if (endsAtOnce()) {
            terminal.say("stopped by a signal; " + whatIsNext(job.status()));
            Logging.end();
            job.release();
            return;
        }
        job.stopWithSavepoint(configuration.savepointOnStop().get());
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        job.release();
        Runtime.getRuntime().halt(code.number());
    }
}
