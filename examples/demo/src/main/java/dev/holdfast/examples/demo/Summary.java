package dev.holdfast.examples.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table at the end. */
record Summary(
        SequentialCounter reference,
        Run.Outcome outcome,
        UpdateCheck.Verdict verdict,
        long bucketBytes,
        boolean equal) {

    void print(PrintStream out) {
        out.println();
        row(out, "records (lines)", number(reference.lines()));
        row(
                out,
                "words",
                number(reference.words()) + " (" + number(reference.counts().size()) + " different)");
        row(out, "updates committed", number(verdict.updates()));
        row(out, "checkpoints", number(outcome.checkpoints()));
        row(out, "restarts", number(outcome.kills()) + ", each after SIGKILL");
        row(
                out,
                "kill to first new record",
                outcome.firstRecordMs().stream()
                        .map(ms -> String.format(Locale.ROOT, "%.2f s", ms / 1e3))
                        .collect(Collectors.joining(", ")));
        row(out, "time of the whole run", String.format(Locale.ROOT, "%.1f s", outcome.durationMs() / 1e3));
        row(out, "bytes in the bucket", number(bucketBytes));
        row(
                out,
                "verdict",
                equal
                        ? "EQUAL: every update of every word exactly once"
                        : "NOT EQUAL: " + number(verdict.missing()) + " missing, " + number(verdict.doubled())
                                + " doubled, " + number(verdict.wrong()) + " wrong");
        verdict.examples().forEach(example -> row(out, "", example));
    }

    private static void row(PrintStream out, String name, String value) {
        out.printf("  %-26s %s%n", name, value);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
