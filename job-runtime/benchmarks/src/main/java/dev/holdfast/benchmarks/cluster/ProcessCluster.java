package dev.holdfast.benchmarks.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The processes of the measured job. All of them end with this object. */
final class RecoveryCluster implements AutoCloseable {
    /** Namespace, job, its id, worker. */
    private static final int PLACE_DEPTH = 4;

    private static final long PATIENCE_MS = 60_000;

    private final RecoveryOptions options;
    private final Path root;
    private final int port;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Process> all = new ArrayList<>();
    private final Process coordinator;
    private final ProcessOutput coordinatorSays;
    private final ProcessOutput coordinatorLog;

    /** One worker's place: the process there may be a later one. */
    static final class Worker {
        final String name;
        Process process;
        ProcessOutput says;
        ProcessOutput log;

        Worker(String name) {
            this.name = name;
        }
    }

    RecoveryCluster(RecoveryOptions options, int spares) throws IOException, InterruptedException {
        this.options = options;
        this.root = Files.createTempDirectory("holdfast-recovery-");
        this.port = freePort();
        Files.writeString(root.resolve("token"), "a token of the benchmark");
        coordinator = start(
                "-Xmx256m",
                "coordinator",
                "--parallelism=" + RecoveryOptions.WORKERS,
                "--listen-port=" + port,
                "--set=checkpoint.interval=1s",
                "--set=restart.exponential-delay.initial=100ms",
                "--set=restart.exponential-delay.maximum=500ms",
                "--set=restart.exponential-delay.reset-after=1s");
        coordinatorSays = new ProcessOutput(coordinator.getInputStream());
        coordinatorLog = new ProcessOutput(coordinator.getErrorStream());
        for (int i = 0; i < RecoveryOptions.WORKERS + spares; i++) {
            Worker worker = new Worker("worker-" + i);
            workers.add(worker);
            launch(worker);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    List<Worker> workers() {
        return workers;
    }

    ProcessOutput coordinatorSays() {
        return coordinatorSays;
    }

    /** Times in the log have milliseconds. */
    ProcessOutput coordinatorLog() {
        return coordinatorLog;
    }

    void launch(Worker worker) throws IOException {
        worker.process = start(
                "-Xmx700m",
                "worker",
                "--coordinator=127.0.0.1:" + port,
                "--worker-name=" + worker.name,
                "--slots=1",
                "--state-memory=200m",
                "--work-directory=" + root.resolve("work"));
        worker.says = new ProcessOutput(worker.process.getInputStream());
        worker.log = new ProcessOutput(worker.process.getErrorStream());
    }

    private Process start(String heap, String... own) throws IOException {
        List<String> command = new ArrayList<>(List.of(options.holdfast(), "-cp", options.classPath()));
        command.addAll(List.of(own));
        command.addAll(List.of(
                "--program=" + RecoveryProgram.class.getName(),
                "--name=recovery",
                "--token-file=" + root.resolve("token"),
                "--listen-host=127.0.0.1",
                "--progress-interval=100ms",
                "--log-level=debug",
                "--param=keys=" + options.keys(),
                "--param=value-bytes=" + RecoveryOptions.VALUE_BYTES,
                "--param=per-second=" + options.perSecond()));
        if (options.s3Endpoint().isEmpty()) {
            command.add("--storage=" + root.resolve("bucket").toUri());
        } else {
            command.add("--storage=s3://bench/jobs-" + root.getFileName());
            command.add("--storage-endpoint=" + options.s3Endpoint());
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOLDFAST_JAVA_OPTIONS", heap);
        Process process = builder.start();
        all.add(process);
        return process;
    }

    /** Deletes the local files of a worker that does not run. */
    void forget(Worker worker) throws IOException {
        List<Path> directories;
        // Not deeper: files of the other workers come and go meanwhile.
        try (Stream<Path> found = Files.walk(root.resolve("work"), PLACE_DEPTH)) {
            directories = found.filter(path -> path.endsWith(worker.name)).toList();
        }
        for (Path directory : directories) {
            delete(directory);
        }
    }

    static void signal(Process process, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("signal " + signal + " cannot be sent to process " + process.pid());
        }
    }

    /** Waits until something is so. */
    void await(String what, BooleanSupplier so) throws InterruptedException {
        for (long waitedMs = 0; !so.getAsBoolean(); waitedMs += 5) {
            if (waitedMs > PATIENCE_MS || !coordinator.isAlive()) {
                throw new IllegalStateException("after " + waitedMs + " ms there is still no " + what
                        + "; the coordinator's last lines: " + last(coordinatorSays) + last(coordinatorLog));
            }
            Thread.sleep(5);
        }
    }

    private static List<String> last(ProcessOutput output) {
        List<String> lines = List.copyOf(output.lines());
        return lines.subList(Math.max(0, lines.size() - 10), lines.size());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process process : all) {
            process.destroyForcibly();
        }
        for (Process process : all) {
            process.waitFor(10, TimeUnit.SECONDS);
        }
        delete(root);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
