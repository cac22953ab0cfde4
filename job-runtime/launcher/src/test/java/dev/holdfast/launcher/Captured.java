package dev.holdfast.launcher;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a run of the program in this process has printed. */
record Captured(ExitCode code, String out, String err, long tookMs) {

    /** Runs the command {@code local} with an empty environment. */
    static Captured local(String... args) {
        return local(Map.of(), args);
    }

    static Captured local(Map<String, String> environment, String... args) {
        List<String> all = new ArrayList<>(List.of("local"));
        all.addAll(List.of(args));
        return run(environment, all.toArray(String[]::new));
    }

    static Captured run(Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        long startNs = System.nanoTime();
        ExitCode code = Main.run(args, terminal, environment);
        return new Captured(
                code,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                (System.nanoTime() - startNs) / 1_000_000);
    }

    /** The error, which must be the only line. */
    String error() {
        if (err.lines().count() != 1) {
            throw new AssertionError("expected one line of error, got: " + err + "\nand on standard output: " + out);
        }
        return err.strip();
    }
}
