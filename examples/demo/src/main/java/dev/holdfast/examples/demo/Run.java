package dev.holdfast.examples.demo;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The job from its start to its end, over all of its processes. */
final class Run {
    private static final long LOOK_MS = 5;
    private static final long SAY_NS = 1_000_000_000L;
    /** A run of 40 s that takes this long hangs. */
    private static final long LONGEST_MS = 600_000;

    private final DemoFiles files;
    private final Cluster cluster;
    private final Report report;
    private final long totalRecords;
    private long saidNs = System.nanoTime();
    private long ratedRecords;

    Run(DemoFiles files, Cluster cluster, Report report, long totalRecords) {
        this.files = files;
        this.cluster = cluster;
        this.report = report;
        this.totalRecords = totalRecords;
    }

    /**
     * How it went.
     *
     * @param checkpoints that were completed
     * @param durationMs from the start of the first process to the end of the last
     */
    record Outcome(List<Faults.Outage> outages, long checkpoints, long durationMs) {}

    /** Runs the job; throws if a process of it ends in any other way than it should. */
    Outcome run(FaultPlan plan) throws IOException, InterruptedException {
        Faults faults = new Faults(cluster, files, report, this::until);
        for (FaultPlan.Act act : plan.acts()) {
            untilDue(act);
            faults.run(act);
        }
        HoldfastProcess last = cluster.coordinator();
        until("the end of the job", () -> !last.isAlive());
        requireSuccess(last);
        long checkpoints = cluster.all().stream()
                .filter(process -> process.name().equals("coordinator"))
                .mapToLong(process -> process.view().checkpoints())
                .sum();
        return new Outcome(faults.outages(), checkpoints, report.elapsedMs());
    }

    private void untilDue(FaultPlan.Act act) throws IOException, InterruptedException {
        until(
                "records for the next act",
                () -> recordsRead() >= act.share() * totalRecords
                        && cluster.coordinator().view().checkpoints() > 0);
        long dueNs = System.nanoTime() + act.delayMs() * 1_000_000L;
        until("the moment of the next act", () -> System.nanoTime() >= dueNs);
    }

    /** Waits; says how the job is doing meanwhile, and fails if it ended too early. */
    private void until(String what, Faults.Condition condition) throws IOException, InterruptedException {
        while (!condition.holds()) {
            cluster.route();
            HoldfastProcess coordinator = cluster.coordinator();
            if (!coordinator.isAlive()) {
                requireSuccess(coordinator);
                if (condition.holds()) {
                    return;
                }
                throw new IllegalStateException("the job ended while the demo waited for " + what
                        + ". Let it read the text more often: --repeat");
            }
            if (report.elapsedMs() > LONGEST_MS) {
                throw new IllegalStateException("the demo waits for " + what + " since long, and " + LONGEST_MS / 1000
                        + " s are over; logs are in " + files.root());
            }
            sayProgress();
            Thread.sleep(LOOK_MS);
        }
    }

    private void requireSuccess(HoldfastProcess process) throws InterruptedException {
        int code = process.exitCode();
        if (code != 0) {
            throw new IllegalStateException(
                    process.name() + " ended with exit code " + code + "; its log is " + files.log(process.name()));
        }
    }

    /** Records that all processes have read, those after a fault again. */
    private long recordsRead() {
        return cluster.all().stream()
                .mapToLong(process -> process.view().records())
                .sum();
    }

    private void sayProgress() {
        long nowNs = System.nanoTime();
        if (nowNs - saidNs < SAY_NS) {
            return;
        }
        JobView view = cluster.coordinator().view();
        long records = recordsRead();
        String checkpoint = view.lastCheckpoint() == 0
                ? "none yet"
                : String.format(
                        Locale.ROOT,
                        "%d (%.1f s ago, took %d ms, %d KB)",
                        view.lastCheckpoint(),
                        view.checkpointAgeMs() / 1e3,
                        view.checkpointMs(),
                        view.checkpointBytes() / 1024);
        report.say(String.format(
                Locale.ROOT,
                "%-10s %,11d records read  %,9d records/s  checkpoint %s",
                view.phase().toLowerCase(Locale.ROOT),
                records,
                Math.round((records - ratedRecords) * 1e9 / (nowNs - saidNs)),
                checkpoint));
        ratedRecords = records;
        saidNs = nowNs;
    }
}
