package dev.holdfast.examples.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Lines with the time since the start in front. */
final class Report {
    private final PrintStream out;
    private final long startNs = System.nanoTime();

    Report(PrintStream out) {
        this.out = out;
    }

    void say(String text) {
        out.printf(Locale.ROOT, "%5.1f s  %s%n", elapsedMs() / 1e3, text);
        out.flush();
    }

    long elapsedMs() {
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    static String seconds(long ms) {
        return String.format(Locale.ROOT, "%.2f s", ms / 1e3);
    }
}
