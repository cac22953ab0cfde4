package dev.holdfast.benchmarks.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A coordinator and workers as processes of this machine. All of them end with this object. For one thread. */
public final class ProcessCluster implements AutoCloseable {
    /** Namespace, job, its id, worker. */
    private static final int PLACE_DEPTH = 4;

    private static final long PATIENCE_MS = 60_000;

    private final Setup setup;
    private final Path root;
    private final int port;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Process> all = new ArrayList<>();
    private final Process coordinator;
    private final ProcessOutput coordinatorSays;
    private final ProcessOutput coordinatorLog;

    /**
     * What runs.
     *
     * @param holdfast the launcher's script
     * @param classPath of the program
     * @param s3Endpoint where checkpoints go; empty for a directory
     * @param parallelism of the job
     * @param workers how many
     * @param slots of each worker
     * @param workerOptions of the JVM of a worker
     * @param ofCoordinator options of the coordinator alone
     * @param ofWorker options of workers alone
     * @param ofAll options of all: the program and its parameters among them
     */
    public record Setup(
            String holdfast,
            String classPath,
            String s3Endpoint,
            int parallelism,
            int workers,
            int slots,
            String workerOptions,
            List<String> ofCoordinator,
            List<String> ofWorker,
            List<String> ofAll) {}

    /** One worker's place: the process there may be a later one. */
    public static final class Worker {
        private final String name;
        private Process process;
        private ProcessOutput says;
        private ProcessOutput log;

        Worker(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        public Process process() {
            return process;
        }

        public ProcessOutput says() {
            return says;
        }

        public ProcessOutput log() {
            return log;
        }
    }

    /** Starts all of them. */
    public ProcessCluster(Setup setup) throws IOException {
        this.setup = setup;
        this.root = Files.createTempDirectory("holdfast-bench-");
        this.port = freePort();
        Files.writeString(root.resolve("token"), "a token of the benchmark");
        List<String> own = new ArrayList<>(
                List.of("coordinator", "--parallelism=" + setup.parallelism(), "--listen-port=" + port));
        own.addAll(setup.ofCoordinator());
        coordinator = start("-Xmx256m", own);
        coordinatorSays = new ProcessOutput(coordinator.getInputStream());
        coordinatorLog = new ProcessOutput(coordinator.getErrorStream());
        for (int i = 0; i < setup.workers(); i++) {
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

    /** In order of their names. */
    public List<Worker> workers() {
        return workers;
    }

    /** Its progress. */
    public ProcessOutput coordinatorSays() {
        return coordinatorSays;
    }

    /** Times in the log have milliseconds. */
    public ProcessOutput coordinatorLog() {
        return coordinatorLog;
    }

    /** Starts a worker, for the first time or again. */
    public void launch(Worker worker) throws IOException {
        List<String> own = new ArrayList<>(List.of(
                "worker",
                "--coordinator=127.0.0.1:" + port,
                "--worker-name=" + worker.name,
                "--slots=" + setup.slots(),
                "--work-directory=" + root.resolve("work")));
        own.addAll(setup.ofWorker());
        worker.process = start(setup.workerOptions(), own);
        worker.says = new ProcessOutput(worker.process.getInputStream());
        worker.log = new ProcessOutput(worker.process.getErrorStream());
    }

    private Process start(String javaOptions, List<String> own) throws IOException {
        List<String> command = new ArrayList<>(List.of(setup.holdfast(), "-cp", setup.classPath()));
        command.addAll(own);
        command.addAll(List.of(
                "--token-file=" + root.resolve("token"), "--listen-host=127.0.0.1", "--progress-interval=100ms"));
        command.addAll(setup.ofAll());
        if (setup.s3Endpoint().isEmpty()) {
            command.add("--storage=" + root.resolve("bucket").toUri());
        } else {
            command.add("--storage=s3://bench/jobs-" + root.getFileName());
            command.add("--storage-endpoint=" + setup.s3Endpoint());
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOLDFAST_JAVA_OPTIONS", javaOptions);
        Process process = builder.start();
        all.add(process);
        return process;
    }

    /** Deletes the local files of a worker that does not run. */
    public void forget(Worker worker) throws IOException {
        List<Path> directories;
        // Not deeper: files of the other workers come and go meanwhile.
        try (Stream<Path> found = Files.walk(root.resolve("work"), PLACE_DEPTH)) {
            directories = found.filter(path -> path.endsWith(worker.name)).toList();
        }
        for (Path directory : directories) {
            delete(directory);
        }
    }

    /** Sends a process a signal. */
    public static void signal(Process process, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("signal " + signal + " cannot be sent to process " + process.pid());
        }
    }

    /** Waits until something is so. */
    public void await(String what, BooleanSupplier so) throws InterruptedException {
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
