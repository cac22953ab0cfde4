package dev.holdfast.examples.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The job from its start to its end, over all of its processes.
 *
 * <p>States: the job runs; it is due to be killed when its records have passed the share of the plan; it is killed a
 * little later; a new process runs. After the last kill it runs to its end.
 */
final class Run {
    private static final long LOOK_MS = 5;
    private static final long SAY_NS = 1_000_000_000L;
    /** A run of 20 s that takes this long hangs. */
    private static final long LONGEST_NS = 600L * 1_000_000_000L;

    private final DemoOptions options;
    private final DemoFiles files;
    private final Children children;
    private final ServerProcess server;
    private final PrintStream out;
    private final long totalRecords;
    private final long startNs = System.nanoTime();
    private final List<Long> firstRecordMs = new ArrayList<>();

    private int started;
    private long checkpoints;
    /** Records of ended processes up to their last checkpoint: those after it were read again. */
    private long keptRecords;

    Run(
            DemoOptions options,
            DemoFiles files,
            Children children,
            ServerProcess server,
            PrintStream out,
            long totalRecords) {
        this.options = options;
        this.files = files;
        this.children = children;
        this.server = server;
        this.out = out;
        this.totalRecords = totalRecords;
    }

    /**
     * How it went.
     *
     * @param kills that happened
     * @param firstRecordMs for each kill, from the SIGKILL until the new process had read its first record
     * @param durationMs from the start of the first process to the end of the last
     */
    record Outcome(int kills, long checkpoints, List<Long> firstRecordMs, long durationMs) {}

    /** Runs the job; throws if a process of it ends in any other way than it should. */
    Outcome run(KillPlan plan) throws IOException, InterruptedException {
        JobProcess job = start();
        int kills = 0;
        for (KillPlan.Kill kill : plan.kills()) {
            if (!untilDue(job, kill)) {
                throw new IllegalStateException("the job ended before kill " + (kills + 1) + " was due ("
                        + percent(kill.share()) + " of the records). Let it read the text more often: --repeat");
            }
            long killNs = System.nanoTime();
            job.kill();
            kills++;
            say("KILL " + kills + ": SIGKILL to process " + job.pid() + "; starting again with an empty directory");
            checkpoints += job.view().checkpoints();
            keptRecords += job.recordsAtCheckpoint();
            job = start();
            firstRecordMs.add(untilFirstRecord(job, killNs));
            say(String.format(
                    Locale.ROOT, "       first new record %.2f s after the kill", firstRecordMs.getLast() / 1e3));
        }
        untilEnd(job);
        checkpoints += job.view().checkpoints();
        return new Outcome(kills, checkpoints, firstRecordMs, elapsedMs());
    }

    private JobProcess start() throws IOException {
        if (started > 0) {
            DemoFiles.delete(files.root().resolve("work-" + started));
        }
        started++;
        JobProcess.Place place =
                new JobProcess.Place(server.endpoint(), files.workDirectory(started), files.output(), files.jobLog());
        return JobProcess.start(children, options, place);
    }

    /** False if the job ended before. */
    private boolean untilDue(JobProcess job, KillPlan.Kill kill) throws InterruptedException {
        long saidNs = System.nanoTime();
        long dueNs = 0;
        while (job.isAlive()) {
            long nowNs = System.nanoTime();
            if (dueNs == 0 && keptRecords + job.view().records() >= kill.share() * totalRecords) {
                dueNs = nowNs + kill.delayMs() * 1_000_000L;
            }
            if (dueNs != 0 && nowNs >= dueNs && job.view().checkpoints() > 0) {
                return true;
            }
            saidNs = sayProgress(job, saidNs);
            waitALittle();
        }
        requireSuccess(job);
        return false;
    }

    private long untilFirstRecord(JobProcess job, long killNs) throws InterruptedException {
        while (job.firstRecordNs() == 0 && job.isAlive()) {
            waitALittle();
        }
        if (job.firstRecordNs() == 0) {
            requireSuccess(job);
            throw new IllegalStateException("the new process ended without reading a record");
        }
        return (job.firstRecordNs() - killNs) / 1_000_000;
    }

    private void untilEnd(JobProcess job) throws InterruptedException {
        long saidNs = System.nanoTime();
        while (job.isAlive()) {
            saidNs = sayProgress(job, saidNs);
            waitALittle();
        }
        requireSuccess(job);
        job.awaitOutput();
    }

    private void requireSuccess(JobProcess job) throws InterruptedException {
        int code = job.exitCode();
        if (code != 0) {
            throw new IllegalStateException("the job ended with exit code " + code + "; its log is " + files.jobLog());
        }
    }

    private void waitALittle() throws InterruptedException {
        if (System.nanoTime() - startNs > LONGEST_NS) {
            throw new IllegalStateException("the job has not finished after " + LONGEST_NS / 1_000_000_000L
                    + " s; its log is " + files.jobLog());
        }
        Thread.sleep(LOOK_MS);
    }

    private long sayProgress(JobProcess job, long saidNs) {
        long nowNs = System.nanoTime();
        if (nowNs - saidNs < SAY_NS) {
            return saidNs;
        }
        JobView view = job.view();
        String checkpoint = view.lastCheckpoint() == 0
                ? "none yet"
                : String.format(
                        Locale.ROOT,
                        "%d (%.1f s ago, took %d ms, %d KB)",
                        view.lastCheckpoint(),
                        view.checkpointAgeMs() / 1e3,
                        view.checkpointMs(),
                        view.checkpointBytes() / 1024);
        say(String.format(
                Locale.ROOT,
                "%-10s %,11d records  %,9d records/s  checkpoint %s  restarts %d",
                view.phase().toLowerCase(Locale.ROOT),
                keptRecords + view.records(),
                job.recordsPerSecond(nowNs),
                checkpoint,
                started - 1 + view.restarts()));
        return nowNs;
    }

    private void say(String text) {
        out.printf(Locale.ROOT, "%5.1f s  %s%n", elapsedMs() / 1e3, text);
        out.flush();
    }

    private long elapsedMs() {
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }
}
