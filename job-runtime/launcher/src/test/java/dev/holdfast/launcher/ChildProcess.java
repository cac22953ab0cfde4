package dev.holdfast.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The real program as a process of its own. */
final class ChildProcess implements AutoCloseable {
    private static final long PATIENCE_S = 60;

    private final Process process;
    private final BufferedReader out;
    private final Path err;
    private final List<String> lines = new ArrayList<>();

    private ChildProcess(Process process, Path err) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.err = err;
    }

    static ChildProcess start(Path err, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.ENVIRONMENT_PREFIX));
        return new ChildProcess(builder.redirectError(err.toFile()).start(), err);
    }

    /** Reads lines until one fits; a process that lives says something all the time. */
    String await(Predicate<String> wanted) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (wanted.test(line)) {
                return line;
            }
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("the line does not come; the process says " + line + " and " + err());
            }
        }
        throw new AssertionError("the process ended without the line; it said " + lines + " and " + err());
    }

    /** SIGTERM. By its handle, since {@link Process#destroy} closes what the process has still to say. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Reads all that is left, then waits for the end. */
    int exitCode() throws IOException, InterruptedException {
        out.lines().forEach(lines::add);
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end; it said " + lines);
        }
        return process.exitValue();
    }

    String lastLine() {
        return lines.getLast();
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
