package dev.holdfast.examples.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Does the acts of a {@link FaultPlan}, and measures how long each kept the job from its work.
 *
 * <p>An act ends when the job has read new records and shown new output. What was frozen is released then, and has to find its
 * place: a worker offers its slots again, an old coordinator finds out that another one has taken over, and ends.
 */
final class Faults {
    /** As long as a worker or coordinator may be silent, and some more. */
    private static final long FREEZE_NS = 3_000_000_000L;

    private static final int FENCED_CODE = 3;

    private final Cluster cluster;
    private final DemoFiles files;
    private final Report report;
    private final Waiting waiting;
    private final List<Outage> outages = new ArrayList<>();

    /** Waits for something that the job is to do. */
    @FunctionalInterface
    interface Waiting {
        void until(String what, Condition condition) throws IOException, InterruptedException;
    }

    /** Something that may come true. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    /**
     * What an act cost.
     *
     * @param recordMs from the act until the first new record
     * @param outputMs from the act until the first new output
     */
    record Outage(String act, long recordMs, long outputMs) {}

    Faults(Cluster cluster, DemoFiles files, Report report, Waiting waiting) {
        this.cluster = cluster;
        this.files = files;
        this.report = report;
        this.waiting = waiting;
    }

    List<Outage> outages() {
        return outages;
    }

    void run(FaultPlan.Act act) throws IOException, InterruptedException {
        switch (act.kind()) {
            case KILL_WORKER -> killWorker(busyWorker(act.choice()));
            case KILL_COORDINATOR -> killCoordinator();
            case FREEZE_WORKER -> freezeWorker(busyWorker(act.choice()));
            case FREEZE_COORDINATOR -> freezeCoordinator();
        }
    }

    private void killWorker(HoldfastProcess worker) throws IOException, InterruptedException {
        Start start = new Start("SIGKILL to " + worker.name());
        worker.kill();
        report.say("KILL    SIGKILL to " + worker.name() + " (process " + worker.pid() + "); it is started again");
        cluster.restart(worker);
        awaitOutput(start);
    }

    private void killCoordinator() throws IOException, InterruptedException {
        HoldfastProcess coordinator = cluster.coordinator();
        Start start = new Start("SIGKILL to the coordinator");
        coordinator.kill();
        report.say("KILL    SIGKILL to the coordinator (process " + coordinator.pid() + "); it is started again");
        cluster.replaceCoordinator();
        awaitOutput(start);
    }

    private void freezeWorker(HoldfastProcess worker) throws IOException, InterruptedException {
        Start start = new Start("SIGSTOP to " + worker.name());
        worker.freeze();
        report.say("FREEZE  SIGSTOP to " + worker.name() + " (process " + worker.pid() + ")");
        awaitOutput(start);
        awaitFrozen(start);
        long frozenGeneration = worker.view().generation();
        worker.release();
        report.say("        SIGCONT to " + worker.name() + " after " + Report.seconds(start.sinceMs()));
        long releasedNs = System.nanoTime();
        waiting.until(
                worker.name() + " to be back",
                () -> !worker.isAlive()
                        || (worker.view().phase().equals("READY")
                                && worker.view().attempt() != start.attempt
                                && worker.view().generation() >= frozenGeneration));
        report.say("        " + worker.name() + " offers its slots again, "
                + Report.seconds((System.nanoTime() - releasedNs) / 1_000_000) + " later");
    }

    private void freezeCoordinator() throws IOException, InterruptedException {
        HoldfastProcess old = cluster.coordinator();
        Start start = new Start("SIGSTOP to the coordinator");
        old.freeze();
        report.say("FREEZE  SIGSTOP to the coordinator (process " + old.pid() + "); a new one is started");
        cluster.replaceCoordinator();
        awaitOutput(start);
        awaitFrozen(start);
        old.release();
        report.say("        SIGCONT to the old coordinator after " + Report.seconds(start.sinceMs()));
        waiting.until("the old coordinator to end", () -> !old.isAlive());
        int code = old.exitCode();
        if (code != FENCED_CODE) {
            throw new IllegalStateException(
                    "the old coordinator ended with exit code " + code + ", expected " + FENCED_CODE);
        }
        report.say(
                "        the old coordinator saw that another one has taken over, and ended (exit code " + code + ")");
    }

    private void awaitFrozen(Start start) throws IOException, InterruptedException {
        waiting.until("the end of the freeze", () -> System.nanoTime() - start.ns >= FREEZE_NS);
    }

    /** One that runs tasks: to lose another would cost nothing. */
    private HoldfastProcess busyWorker(double choice) throws IOException, InterruptedException {
        waiting.until("workers with tasks", () -> !busy().isEmpty());
        List<HoldfastProcess> busy = busy();
        return busy.get((int) (choice * busy.size()));
    }

    private List<HoldfastProcess> busy() {
        return cluster.workers().stream()
                .filter(worker -> worker.isAlive() && worker.view().attempt() != 0)
                .toList();
    }

    private void awaitOutput(Start start) throws IOException, InterruptedException {
        waiting.until("new records", () -> firstReadNs(start.attempt).isPresent());
        long recordMs = (firstReadNs(start.attempt).getAsLong() - start.ns) / 1_000_000;
        long before = files.committedFiles();
        waiting.until("new output", () -> files.committedFiles() > before);
        Outage outage = new Outage(start.act, recordMs, start.sinceMs());
        outages.add(outage);
        report.say("        first new record after " + Report.seconds(outage.recordMs()) + ", first new output after "
                + Report.seconds(outage.outputMs()));
    }

    private OptionalLong firstReadNs(long afterAttempt) {
        return cluster.all().stream()
                .mapToLong(process -> process.firstReadNs(afterAttempt))
                .filter(ns -> ns != 0)
                .min();
    }

    /** The moment of an act, and the attempt that it ends. */
    private final class Start {
        private final String act;
        private final long ns = System.nanoTime();
        private final long attempt = cluster.all().stream()
                .mapToLong(process -> process.view().attempt())
                .max()
                .orElse(0);

        Start(String act) {
            this.act = act;
        }

        long sinceMs() {
            return (System.nanoTime() - ns) / 1_000_000;
        }
    }
}
