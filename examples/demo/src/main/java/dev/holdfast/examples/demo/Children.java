package dev.holdfast.examples.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All processes that the demo starts. None outlives it: they are ended by their handles, however the demo ends. */
final class Children implements AutoCloseable {
    private static final long PATIENCE_S = 5;

    private final List<Process> processes = new ArrayList<>();
    private boolean closed;

    synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("the demo is ending, no process is started any more");
        }
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    @Override
    public synchronized void close() {
        closed = true;
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            try {
                process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
