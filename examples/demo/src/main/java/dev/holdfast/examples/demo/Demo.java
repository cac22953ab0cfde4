package dev.holdfast.examples.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kills and freezes parts of a job, and checks every record that it has written.
 *
 * <ol>
 *   <li>An S3 server starts as a process, with a directory behind it.
 *   <li>A coordinator and three workers start as processes, and count the words of a text many times, with a checkpoint each second.
 *   <li>At moments that a seed decides a worker is killed, the coordinator is killed, a worker is frozen for longer than it may be
 *       silent, and the coordinator is frozen while a new one takes over. What was killed is started again, what was frozen is
 *       released.
 *   <li>When it has finished, another program counts the same text, and compares every update of every word.
 * </ol>
 *
 * <p>Exits with 0 only if all is equal, 1 if not, 2 after bad arguments.
 */
public final class Demo {
    private final DemoOptions options;
    private final PrintStream out;

    private Demo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        long seed = RandomGenerator.getDefault().nextInt(1_000_000);
        DemoOptions options;
        try {
            options = DemoOptions.parse(List.of(args), seed);
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            System.err.print(DemoOptions.USAGE);
            System.exit(2);
            return;
        }
        if (options.repeat() == 0) {
            options = options.withRepeat(Calibration.repeat(options.text()));
        }
        System.exit(new Demo(options, System.out).run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        DemoFiles files = DemoFiles.create();
        Children children = new Children();
        Thread cleaning = new Thread(() -> clean(children, files), "clean");
        Runtime.getRuntime().addShutdownHook(cleaning);
        try {
            return run(files, children);
        } catch (IOException | IllegalStateException e) {
            out.println("FAILED: " + e.getMessage());
            showEnd(files);
            return false;
        }
    }

    private boolean run(DemoFiles files, Children children) throws IOException, InterruptedException {
        long linesOnce;
        try (var lines = Files.lines(options.text())) {
            linesOnce = lines.count();
        }
        FaultPlan plan = FaultPlan.of(options.seed());
        out.printf(
                Locale.ROOT,
                "Counting the words of %s, %d times, with %d tasks of a kind on %d workers, and a checkpoint each"
                        + " second.%nSeed %d: %s of the records.%n",
                options.text().getFileName(),
                options.repeat(),
                Cluster.PARALLELISM,
                Cluster.WORKERS,
                options.seed(),
                plan.acts().stream()
                        .map(act -> act.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " after "
                                + Math.round(act.share() * 100) + " %")
                        .collect(Collectors.joining(", ")));
        Run.Outcome outcome;
        try (Service service = Service.start()) {
            ServerProcess server =
                    ServerProcess.start(children, options.libraries(), files.bucket(), files.serverLog());
            Report report = new Report(out);
            Cluster cluster = Cluster.start(children, options, files, server, service);
            outcome = new Run(files, cluster, report, linesOnce * options.repeat()).run(plan);
        }
        out.println("The job has finished. Counting the text again, and comparing every update.");
        SequentialCounter reference = new SequentialCounter();
        for (int round = 0; round < options.repeat(); round++) {
            reference.count(options.text());
        }
        UpdateCheck check = new UpdateCheck(reference.counts());
        check.readDirectory(files.output());
        UpdateCheck.Verdict verdict = check.verdict();
        boolean equal = verdict.isExactlyOnce() && verdict.updates() == reference.words();
        new Summary(reference, outcome, verdict, files.bucketBytes(), equal).print(out);
        return equal;
    }

    /** What the processes said last, so that a failure explains itself though the files go away. */
    private void showEnd(DemoFiles files) throws IOException {
        try (Stream<Path> logs = Files.list(files.root())) {
            for (Path log : logs.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                List<String> lines = Files.readAllLines(log);
                lines.subList(Math.max(0, lines.size() - 15), lines.size())
                        .forEach(line -> out.println("  " + log.getFileName() + ": " + line));
            }
        }
    }

    private void clean(Children children, DemoFiles files) {
        children.close();
        if (options.keep()) {
            out.println("Files are in " + files.root());
            return;
        }
        try {
            DemoFiles.delete(files.root());
        } catch (IOException e) {
            out.println("left-overs in " + files.root() + ": " + e);
        }
    }
}
