package dev.holdfast.examples.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * All processes that the demo starts. None outlives it: they are ended by their handles, however the demo ends; where it is killed
 * itself, a guard beside each child sees its own input close, and ends the child.
 */
final class Children implements AutoCloseable {
    private static final long PATIENCE_S = 5;

    private final List<Process> processes = new ArrayList<>();
    private final List<Process> guards = new ArrayList<>();
    private boolean closed;

    synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("the demo is ending, no process is started any more");
        }
        Process process = builder.start();
        processes.add(process);
        Process guard = new ProcessBuilder(
                        "sh", "-c", "cat >/dev/null; kill -9 \"$1\" 2>/dev/null", "guard", Long.toString(process.pid()))
                .start();
        guards.add(guard);
        var unused = process.onExit().thenRun(guard::destroyForcibly);
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
        guards.forEach(Process::destroyForcibly);
    }
}
