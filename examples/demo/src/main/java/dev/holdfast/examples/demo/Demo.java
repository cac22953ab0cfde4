package dev.holdfast.examples.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Kills a job twice, and checks every record that it has written.
 *
 * <ol>
 *   <li>An S3 server starts as a process, with a directory behind it.
 *   <li>Word count starts as another process and reads the text many times, with a checkpoint each second.
 *   <li>Twice it gets SIGKILL, and starts again with an empty work directory: it knows nothing but the bucket.
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
        KillPlan plan = KillPlan.of(options.seed());
        out.printf(
                Locale.ROOT,
                "Counting the words of %s, %d times, on %d slots, with a checkpoint each second.%n"
                        + "Seed %d: SIGKILL after about %s of the records.%n",
                options.text().getFileName(),
                options.repeat(),
                JobProcess.SLOTS,
                options.seed(),
                plan.kills().stream()
                        .map(kill -> Math.round(kill.share() * 100) + " %")
                        .collect(Collectors.joining(" and ")));
        ServerProcess server = ServerProcess.start(children, options.libraries(), files.bucket(), files.serverLog());
        Run.Outcome outcome = new Run(options, files, children, server, out, linesOnce * options.repeat()).run(plan);
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

    /** What the job said last, so that a failure explains itself though the files go away. */
    private void showEnd(DemoFiles files) throws IOException {
        if (Files.exists(files.jobLog())) {
            List<String> lines = Files.readAllLines(files.jobLog());
            lines.subList(Math.max(0, lines.size() - 30), lines.size()).forEach(line -> out.println("  job: " + line));
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
