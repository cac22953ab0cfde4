package dev.holdfast.benchmarks;

import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.metrics.Distribution;
import dev.holdfast.storage.s3.ObjectStores;
import dev.holdfast.storage.s3.StoreSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The keyed count as a whole job, and the bare loop beside it. Job and loop take turns in one process, so that both meet the
 * same machine: A B A B. Every run checks its own result.
 */
public final class CountBenchmark {
    private final Options options;
    private final PrintStream out;

    private CountBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** What to run. */
    private static final class Options {
        private static final String USAGE = """
                --keys=10000,1000000     numbers of keys, one after the other
                --seconds=10             to measure in each round
                --warm-up=8              seconds before the first round of a number of keys; 5 at most before the next ones
                --rounds=3               how often job and bare loop take turns
                --checkpoint-ms=5000     checkpoint interval
                --rate=0                 records/s of the job's source; 0 is as fast as it goes
                --s3=http://host:port    an S3 server with bucket 'holdfast'; a directory without this
                """;

        private List<Integer> keys = List.of(10_000, 1_000_000);
        private int seconds = 10;
        private int warmUpSeconds = 8;
        private int rounds = 3;
        private int checkpointMs = 5000;
        private long rate = EventSource.UNLIMITED;
        private String endpoint = "";

        static Options parse(String[] args) {
            Options options = new Options();
            for (String arg : args) {
                String[] pair = arg.split("=", 2);
                String value = pair.length == 2 ? pair[1] : "";
                switch (pair[0]) {
                    case "--keys" ->
                        options.keys = Stream.of(value.split(","))
                                .map(Integer::valueOf)
                                .toList();
                    case "--seconds" -> options.seconds = Integer.parseInt(value);
                    case "--warm-up" -> options.warmUpSeconds = Integer.parseInt(value);
                    case "--rounds" -> options.rounds = Integer.parseInt(value);
                    case "--checkpoint-ms" -> options.checkpointMs = Integer.parseInt(value);
                    case "--rate" -> options.rate = Long.parseLong(value);
                    case "--s3" -> options.endpoint = value;
                    default -> throw new IllegalArgumentException("unknown option '" + arg + "'. There are\n" + USAGE);
                }
            }
            return options;
        }
    }

    /** Runs what the arguments say, and prints a table. */
    public static void main(String[] args) throws Exception {
        new CountBenchmark(Options.parse(args), System.out).run();
    }

    private void run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("holdfast-bench");
        try (ObjectStore store = open(directory)) {
            for (int keys : options.keys) {
                compare(keys, store, directory);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private ObjectStore open(Path directory) {
        if (options.endpoint.isEmpty()) {
            return ObjectStores.open(directory.resolve("store").toUri());
        }
        return ObjectStores.open(StoreSettings.of(URI.create("s3://holdfast/bench-" + System.currentTimeMillis()))
                .withEndpoint(URI.create(options.endpoint))
                .withKeyPair("test-access-key", "test-secret-key"));
    }

    private void compare(int keys, ObjectStore store, Path directory) throws InterruptedException {
        List<Double> ours = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        out.printf(Locale.ROOT, "keyed count, %,d keys, %d slots%n", keys, CountRun.SLOTS);
        for (int round = 0; round < options.rounds; round++) {
            // Only the first round of a process has everything to compile.
            int warmUp = round == 0 ? options.warmUpSeconds : Math.min(5, options.warmUpSeconds);
            CountRun.Measured measured = new CountRun(
                            keys,
                            store,
                            directory.resolve("local"),
                            Duration.ofMillis(options.checkpointMs),
                            options.rate)
                    .run(keys + "-" + round, warmUp, options.seconds);
            List<Double> ceiling = new BareLoop(keys).run(Math.min(3, warmUp), Math.min(8, options.seconds));
            ours.addAll(measured.recordsPerSecond());
            bare.addAll(ceiling);
            print(measured, ceiling);
        }
        double rate = Numbers.median(ours);
        double ceiling = Numbers.median(bare);
        double target = keys <= 10_000 ? 4e6 : 1.5e6;
        out.printf(
                Locale.ROOT,
                "= %,d keys: %s records/s (target %s), bare loop %s, ratio %.2f (aim 0.33)%n%n",
                keys,
                Numbers.millions(rate),
                Numbers.millions(target),
                Numbers.millions(ceiling),
                rate / ceiling);
        out.flush();
    }

    private void print(CountRun.Measured measured, List<Double> ceiling) {
        Distribution pauses = measured.pausesNs();
        out.printf(
                Locale.ROOT,
                "  job %s/s (lowest second %s), %,d records, all counted once; bare loop %s/s%n",
                Numbers.millions(Numbers.median(measured.recordsPerSecond())),
                Numbers.millions(measured.recordsPerSecond().stream()
                        .mapToDouble(Double::doubleValue)
                        .min()
                        .orElse(0)),
                measured.records(),
                Numbers.millions(Numbers.median(ceiling)));
        out.printf(
                Locale.ROOT,
                "    pauses of tasks at %d barriers: p50 %s, p99 %s, max %s (target p99 < 5 ms)%n",
                pauses.count(),
                Numbers.ms(pauses.quantile(0.5)),
                Numbers.ms(pauses.quantile(0.99)),
                Numbers.ms(pauses.quantile(1)));
        List<Double> durations = measured.checkpoints().stream()
                .map(info -> (double) info.durationMs())
                .toList();
        out.printf(
                Locale.ROOT,
                "    %d checkpoints: median %.0f ms, longest %.0f ms; last uploaded %,d of %,d bytes%n",
                durations.size(),
                Numbers.median(durations),
                durations.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                last(measured).uploadedBytes(),
                last(measured).fullBytes());
        out.printf(
                Locale.ROOT,
                "    flush: %,d entries, %.0f ns each under load (target < 600)%n",
                measured.flushedEntries(),
                measured.flushNsPerEntry());
        out.flush();
    }

    private static JobStatus.CheckpointInfo last(CountRun.Measured measured) {
        return measured.checkpoints().getLast();
    }
}
