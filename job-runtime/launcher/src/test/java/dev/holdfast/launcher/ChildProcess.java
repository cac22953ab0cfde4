package dev.holdfast.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The real program as a process of its own. What it says is read all the time, so that it never waits for its reader. */
final class ChildProcess implements AutoCloseable {
    static final String HEAP = "-Xmx256m";

    private static final long PATIENCE_S = 60;
    /** What of its output a failed test shows. */
    private static final int LAST_LINES = 5;

    private final Process process;
    private final Path err;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;
    private int seen;

    private ChildProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /**
     * Starts one.
     *
     * @param heap option of its JVM
     * @param wrapper a command that runs the one behind it; may be empty
     * @param environment variables beside those of this process
     */
    static ChildProcess start(
            Path err, String heap, List<String> wrapper, Map<String, String> environment, List<String> args)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.ENVIRONMENT_PREFIX));
        builder.environment().putAll(environment);
        return new ChildProcess(builder.redirectError(err.toFile()).start(), err);
    }

    static ChildProcess start(Path err, String... args) throws IOException {
        return start(err, HEAP, List.of(), Map.of(), List.of(args));
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said(line);
            }
        } catch (IOException closed) {
            said("its output was closed: " + closed);
        } finally {
            end();
        }
    }

    private synchronized void said(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** The first line that fits, of those that no call has seen before. */
    synchronized String await(Predicate<String> wanted) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (true) {
            while (seen < lines.size()) {
                String line = lines.get(seen++);
                if (wanted.test(line)) {
                    return line;
                }
            }
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (ended || leftMs <= 0) {
                throw new AssertionError((ended ? "the process ended without the line" : "the line does not come")
                        + "; it said " + lastLines() + " and " + err());
            }
            wait(leftMs);
        }
    }

    /** Lines that were not there yet are the only ones that the next {@link #await} sees. */
    synchronized void skip() {
        seen = lines.size();
    }

    long pid() {
        return process.pid();
    }

    /** SIGTERM. By its handle, since {@link Process#destroy} closes what the process has still to say. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for the end, and for all that it says until then. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS) || !reader.join(Duration.ofSeconds(PATIENCE_S))) {
            throw new AssertionError("the process does not end; it said " + lastLines());
        }
        return process.exitValue();
    }

    private synchronized List<String> lastLines() {
        return List.copyOf(lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    synchronized String lastLine() {
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
