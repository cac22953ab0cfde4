package dev.holdfast.examples.demo;

import java.io.PrintStream;
import java.util.Locale;

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
        for (Faults.Outage outage : outcome.outages()) {
            row(
                    out,
                    outage.act(),
                    "new records after " + Report.seconds(outage.recordMs()) + ", new output after "
                            + Report.seconds(outage.outputMs()));
        }
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
        out.printf("  %-27s %s%n", name, value);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
