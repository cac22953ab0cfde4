package dev.holdfast.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the small benchmarks under JMH, and prints their results beside the targets. */
public final class MicroBenchmark {
    private static final Map<String, String> TARGETS = Map.of(
            "StateJmh.hitGetSet", "< 80",
            "StateJmh.hitGet", "< 80",
            "StateJmh.update", "< 80",
            "FlushJmh.flush", "< 600",
            "Growth.longestBatch", "< 5000000");

    private static final String GROWTH = "Growth";
    private static final String[] ALL = {"StateJmh", "FlushJmh", GROWTH, "MissJmh", "CodecJmh", "RingJmh"};

    private MicroBenchmark() {}

    /** Runs the benchmarks whose names contain one of the arguments, all without arguments. */
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        out.printf("%-28s %12s %12s   %s%n", "operation", "ns, median", "ns, best", "target");
        for (String name : args.length == 0 ? ALL : args) {
            if (name.equals(GROWTH)) {
                List<Double> longest = Growth.longestBatchesNs();
                print("Growth.longestBatch", "", Numbers.median(longest), Collections.min(longest), out);
                continue;
            }
            Options options = new OptionsBuilder()
                    .include(name)
                    .verbosity(VerboseMode.SILENT)
                    .shouldFailOnError(true)
                    .jvmArgs(ManagementFactory.getRuntimeMXBean()
                            .getInputArguments()
                            .toArray(String[]::new))
                    .build();
            print(new Runner(options).run(), out);
        }
    }

    private static void print(Collection<RunResult> results, PrintStream out) {
        for (RunResult result : results) {
            List<String> parts = List.of(result.getParams().getBenchmark().split("\\."));
            String name = String.join(".", parts.subList(parts.size() - 2, parts.size()));
            String form = result.getParams().getParam("form");
            print(
                    name,
                    form == null ? "" : " " + form,
                    result.getPrimaryResult().getStatistics().getPercentile(50),
                    result.getPrimaryResult().getStatistics().getMin(),
                    out);
        }
    }

    private static void print(String name, String form, double median, double best, PrintStream out) {
        out.printf(
                Locale.ROOT, "%-28s %12.1f %12.1f   %s%n", name + form, median, best, TARGETS.getOrDefault(name, ""));
        out.flush();
    }
}
