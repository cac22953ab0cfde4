package dev.holdfast.benchmarks.recovery;

import dev.holdfast.benchmarks.cluster.ProcessCluster;
import dev.holdfast.benchmarks.recovery.RecoveryOptions.Case;
import dev.holdfast.benchmarks.recovery.RecoveryTimes.Recovery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kills and stops workers of a running job, and prints how long it takes until every sink task has a record again.
 *
 * <ol>
 *   <li>The job runs until its state is full and a checkpoint is complete.
 *   <li>A worker that runs tasks is killed, or stopped. As soon as every task has had a record, the time is taken.
 *   <li>What is missing is started again, some checkpoints are waited for, and the next one goes.
 * </ol>
 */
public final class RecoveryBenchmark {
    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint=(\\d+)");
    private static final long PAUSE_MS = 1_500;
    private static final int CHECKPOINTS_BETWEEN = 2;

    private RecoveryBenchmark() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        RecoveryOptions options = RecoveryOptions.of(args);
        System.out.printf(
                Locale.ROOT,
                "recovery: %d workers, %d MB of state, %,d records/s, checkpoint each second, %s%n",
                RecoveryOptions.WORKERS,
                options.stateMb(),
                options.perSecond(),
                options.s3Endpoint().isEmpty() ? "directory" : "S3 over HTTP");
        System.out.printf(
                "%-7s %6s %9s %9s %9s | medians of: %8s %8s %8s %8s %8s %12s%n",
                "case",
                "rounds",
                "p50 ms",
                "p99 ms",
                "max ms",
                "notice",
                "decide",
                "fetch",
                "open",
                "replay",
                "fetched MB");
        for (Case each : options.cases()) {
            print(each, run(options, each));
        }
    }

    private static List<Recovery> run(RecoveryOptions options, Case each) throws IOException, InterruptedException {
        int spares = each == Case.SPARE || each == Case.HANG ? 1 : 0;
        List<Recovery> recoveries = new ArrayList<>();
        try (ProcessCluster cluster = new ProcessCluster(options.setup(spares))) {
            RecoveryTimes times = new RecoveryTimes(cluster);
            cluster.await("first record of every task", () -> times.since(0).isPresent());
            Thread.sleep(options.keys() * 1_000 / options.perSecond() + 2 * PAUSE_MS);
            for (int round = 0; round < options.rounds(); round++) {
                long before = checkpoint(cluster);
                cluster.await("checkpoint", () -> checkpoint(cluster) >= before + CHECKPOINTS_BETWEEN);
                Thread.sleep(PAUSE_MS + 37L * round % 1_000);
                recoveries.add(round(cluster, times, each));
            }
        }
        return recoveries;
    }

    private static Recovery round(ProcessCluster cluster, RecoveryTimes times, Case each)
            throws IOException, InterruptedException {
        ProcessCluster.Worker victim = cluster.workers().stream()
                .filter(RecoveryBenchmark::runsTasks)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no worker runs tasks"));
        Process process = victim.process();
        long killedUs = RecoveryTimes.nowUs();
        if (each == Case.HANG) {
            ProcessCluster.signal(process, "STOP");
        } else {
            process.destroyForcibly();
        }
        if (each == Case.BACK || each == Case.EMPTY) {
            process.waitFor(10, TimeUnit.SECONDS);
            if (each == Case.EMPTY) {
                cluster.forget(victim);
            }
            cluster.launch(victim);
        }
        Optional<Recovery>[] found = newArray();
        cluster.await("record of every task after the loss of " + victim.name(), () -> {
            found[0] = times.since(killedUs);
            return found[0].isPresent();
        });
        if (each == Case.HANG) {
            process.destroyForcibly();
        }
        if (each == Case.HANG || each == Case.SPARE) {
            process.waitFor(10, TimeUnit.SECONDS);
            // The next spare has none of the state.
            cluster.forget(victim);
            cluster.launch(victim);
            cluster.await("worker " + victim.name(), () -> says(victim, "phase=READY"));
        }
        return found[0].orElseThrow();
    }

    @SuppressWarnings("unchecked") // an array of one place, for a lambda to write to
    private static Optional<Recovery>[] newArray() {
        return new Optional[1];
    }

    private static boolean says(ProcessCluster.Worker worker, String text) {
        return worker.says().lines().stream().anyMatch(line -> line.contains(text));
    }

    /** Its newest progress line names an attempt. */
    private static boolean runsTasks(ProcessCluster.Worker worker) {
        return worker.says().lines().reversed().stream()
                .filter(line -> line.startsWith("progress "))
                .findFirst()
                .map(line -> line.contains("phase=READY") && !line.contains(" attempt=0 "))
                .orElse(false);
    }

    private static long checkpoint(ProcessCluster cluster) {
        for (String line : cluster.coordinatorSays().lines().reversed()) {
            Matcher matcher = CHECKPOINT.matcher(line);
            if (matcher.find()) {
                return Long.parseLong(matcher.group(1));
            }
        }
        return 0;
    }

    private static void print(Case each, List<Recovery> recoveries) {
        System.out.printf(
                Locale.ROOT,
                "%-7s %6d %9.0f %9.0f %9.0f | %19.0f %8.0f %8.0f %8.0f %8.0f %12.1f%n",
                each.name().toLowerCase(Locale.ROOT),
                recoveries.size(),
                quantile(recoveries, Recovery::running, 0.5) / 1e3,
                quantile(recoveries, Recovery::running, 0.99) / 1e3,
                quantile(recoveries, Recovery::running, 1) / 1e3,
                quantile(recoveries, Recovery::noticed, 0.5) / 1e3,
                quantile(recoveries, r -> r.decided() - r.noticed(), 0.5) / 1e3,
                quantile(recoveries, Recovery::fetchedUs, 0.5) / 1e3,
                quantile(recoveries, Recovery::openedUs, 0.5) / 1e3,
                quantile(recoveries, r -> r.running() - r.restored(), 0.5) / 1e3,
                quantile(recoveries, Recovery::fetchedBytes, 0.5) / 1e6);
    }

    private static double quantile(List<Recovery> recoveries, ToLongFunction<Recovery> what, double quantile) {
        List<Long> sorted = recoveries.stream().map(what::applyAsLong).sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) Math.floor(quantile * sorted.size())));
    }
}
