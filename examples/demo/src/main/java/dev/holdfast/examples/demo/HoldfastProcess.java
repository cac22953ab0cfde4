package dev.holdfast.examples.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One coordinator or worker, and what it has said. The reader is a thread of its own; all else belongs to the demo's. */
final class HoldfastProcess {
    private static final Pattern LISTENING = Pattern.compile(" listening=\\S+:(\\d+) ");
    private static final long SIGNAL_S = 5;

    private final String name;
    private final Process process;
    private final Thread reader;
    private volatile JobView view = JobView.NONE;
    private volatile int port;
    private volatile long firstReadNs;
    private volatile long firstReadAttempt;
    private long attemptBase;

    HoldfastProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.reader = Thread.ofPlatform().name(name).daemon(true).start(this::read);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** The newest line. */
    JobView view() {
        return view;
    }

    /** Where it takes connections; 0 before it has said so. */
    int port() {
        return port;
    }

    /** When this process had read a record in a newer attempt than the given one, by {@link System#nanoTime}; 0 before. */
    long firstReadNs(long afterAttempt) {
        return firstReadAttempt > afterAttempt ? firstReadNs : 0;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The code of a process that has ended. */
    int exitCode() throws InterruptedException {
        int code = process.waitFor();
        reader.join();
        return code;
    }

    /**
     * SIGKILL: the process gets no chance to do anything. Returns when it is gone and all that it had said is read. By its
     * handle, since {@link Process#destroyForcibly} closes the pipe with what is still in it.
     */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        exitCode();
    }

    /** SIGSTOP: the process does not run any more, and does not know it. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT: it goes on where it was. */
    void release() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                .inheritIO()
                .start();
        if (!kill.waitFor(SIGNAL_S, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("signal " + signal + " cannot be sent to " + name + ", process " + pid());
        }
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    port = Integer.parseInt(listening.group(1));
                }
                if (line.startsWith("progress ") || line.startsWith("end ")) {
                    take(JobView.parse(line));
                }
            }
        } catch (IOException e) {
            // A pipe that breaks belongs to a process that was killed.
        }
    }

    private void take(JobView next) {
        if (next.attempt() != view.attempt()) {
            attemptBase = view.records();
        }
        if (next.attempt() != 0 && next.records() > attemptBase && firstReadAttempt != next.attempt()) {
            firstReadNs = System.nanoTime();
            firstReadAttempt = next.attempt();
        }
        view = next;
    }
}
