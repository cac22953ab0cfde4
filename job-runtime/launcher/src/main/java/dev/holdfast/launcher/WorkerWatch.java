package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.worker.WorkerEnd;
import dev.holdfast.engine.worker.WorkerProcess;
import dev.holdfast.engine.worker.WorkerStatus;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a worker does, until it has ended. A signal makes it hand over its work at a checkpoint, for half of {@code
 * worker.stop-timeout} at most; then it says goodbye to its coordinator and ends its tasks. After the whole of that time the process
 * ends all the same.
 */
final class WorkerWatch {
    /** How long a record, a new phase or the end may go unseen. */
    private static final long LOOK_MS = 20;

    private final WorkerConfiguration configuration;
    private final Terminal terminal;
    private final LongSupplier sourceRecords;
    private final Runnable release;
    private final RecordCount records = new RecordCount(System.nanoTime());
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable WorkerEnd end;
    private volatile @Nullable Throwable failure;
    private volatile boolean stopping;

    /**
     * Makes one.
     *
     * @param sourceRecords what the sources have read in the present attempt
     * @param release frees what the process holds on its machine
     */
    WorkerWatch(WorkerConfiguration configuration, Terminal terminal, LongSupplier sourceRecords, Runnable release) {
        this.configuration = configuration;
        this.terminal = terminal;
        this.sourceRecords = sourceRecords;
        this.release = release;
    }

    /** The worker has ended; on its thread. */
    void ended(WorkerEnd how) {
        end = how;
        done.countDown();
    }

    /** The worker cannot go on, or an invariant of it does not hold; on its thread. */
    void broken(Throwable error) {
        failure = error;
        done.countDown();
    }

    /** Returns when the worker has ended. */
    ExitCode untilEnd(WorkerProcess worker) throws InterruptedException {
        Thread hook = new Thread(() -> stopBySignal(worker), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        watch(worker);
        if (!stopping) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return outcome();
    }

    private void watch(WorkerProcess worker) throws InterruptedException {
        WorkerStatus.@Nullable Phase lastPhase = null;
        long lastAttempt = 0;
        boolean first = true;
        long lastNs = System.nanoTime();
        do {
            WorkerStatus status = worker.status();
            LogFields.process("generation", Long.toString(status.generation()));
            LogFields.process("attempt", Long.toString(status.attempt()));
            records.count(sourceRecords.getAsLong());
            long nowNs = System.nanoTime();
            if (status.attempt() != lastAttempt) {
                first = true;
            }
            boolean firstRecord = first && sourceRecords.getAsLong() > 0 && status.attempt() != 0;
            boolean due = firstRecord
                    || status.phase() != lastPhase
                    || status.attempt() != lastAttempt
                    || nowNs - lastNs >= configuration.progressInterval().toNanos();
            if (due) {
                terminal.say(line(status, nowNs));
                lastNs = nowNs;
                lastPhase = status.phase();
                lastAttempt = status.attempt();
                first = first && !firstRecord;
            }
        } while (!done.await(LOOK_MS, TimeUnit.MILLISECONDS));
    }

    private String line(WorkerStatus status, long nowNs) {
        return "progress phase=" + status.phase() + " generation=" + status.generation() + " attempt="
                + status.attempt() + records.pairs(nowNs) + Progress.message(status.text());
    }

    private ExitCode outcome() {
        Throwable error = failure;
        if (error instanceof HoldfastException known) {
            // What it names is none of this process's making, but only another process can go on.
            terminal.error(known, false);
            return ExitCode.INTERRUPTED;
        }
        if (error != null) {
            terminal.error(error, true);
            return ExitCode.FAILED;
        }
        WorkerEnd how = end;
        if (how == null) {
            return ExitCode.FAILED;
        }
        terminal.say("end cause=" + how.cause() + " records=" + records.records() + Progress.message(how.text()));
        return switch (how.cause()) {
            case JOB_ENDED, TOLD -> ExitCode.DONE;
            case OTHER_PROGRAM -> {
                terminal.error(how.text(), null);
                yield ExitCode.REFUSED;
            }
        };
    }

    /** On a thread of the JVM's, while all others run on. When it returns, the JVM ends. */
    private void stopBySignal(WorkerProcess worker) {
        stopping = true;
        long timeoutMs = configuration.stopTimeout().toMillis();
        worker.leave("its process got a signal to end", timeoutMs / 2);
        try {
            if (!done.await(timeoutMs, TimeUnit.MILLISECONDS)) {
                terminal.say("its tasks have not ended within " + timeoutMs + " ms; the process ends without them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Logging.end();
        release.run();
    }
}
