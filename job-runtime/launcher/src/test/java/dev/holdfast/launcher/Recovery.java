package dev.holdfast.launcher;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a job gets over a fault, as its coordinator tells. A job is over it when it has completed a checkpoint that began after the
 * fault: records have then gone through all tasks, and their output is committed. One checkpoint may still end that began before.
 */
final class Recovery {
    private final ChildProcess coordinator;

    Recovery(ChildProcess coordinator) {
        this.coordinator = coordinator;
    }

    /** The job runs and completes checkpoints; returns how often it has restarted. */
    long running() throws IOException, InterruptedException {
        coordinator.skip();
        long last = ProcessTest.lastCheckpoint(coordinator.await(line -> line.contains("phase=")));
        return restarts(coordinator.await(line -> isRunningBeyond(line, last + 1)));
    }

    /** Awaits the first restart after those before. */
    void restarted(long before) throws IOException, InterruptedException {
        coordinator.await(line -> restarts(line) > before);
    }

    /** Awaits that the job is over a fault, and prints how long that took. */
    void over(String what, long sinceNs) throws IOException, InterruptedException {
        long restarts = running();
        System.out.printf(
                "%s: a whole checkpoint after %,d ms, restarts so far %d%n",
                what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs), restarts);
    }

    /** One of the workers that run tasks; for a job that runs. */
    static ChildProcess atWork(List<ChildProcess> workers) {
        return workers.stream()
                .filter(worker -> worker.lastLine().contains(" attempt=")
                        && !worker.lastLine().contains(" attempt=0 "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no worker is at work"));
    }

    private static boolean isRunningBeyond(String line, long checkpoint) {
        return line.contains("phase=RUNNING") && ProcessTest.lastCheckpoint(line) > checkpoint;
    }

    private static long restarts(String line) {
        return Long.parseLong(line.replaceFirst(".* restarts=(\\d+).*|.*", "0$1"));
    }
}
