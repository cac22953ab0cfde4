package dev.holdfast.benchmarks.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The lines that a process has said so far, read by a thread of its own. */
public final class ProcessOutput {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    ProcessOutput(InputStream stream) {
        Thread.ofPlatform().daemon(true).start(() -> read(stream));
    }

    private void read(InputStream stream) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // A pipe that breaks belongs to a process that was killed.
        }
    }

    /** A live list; any thread may read it. */
    public List<String> lines() {
        return lines;
    }
}
