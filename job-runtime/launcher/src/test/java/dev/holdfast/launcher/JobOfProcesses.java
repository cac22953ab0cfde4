package dev.holdfast.launcher;

import dev.holdfast.testkit.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A coordinator and workers as real processes on this machine. Their bucket is a directory if nothing else is said; between any two of
 * them there may be a link that can be disturbed.
 */
final class JobOfProcesses implements AutoCloseable {
    private static final Pattern ROW = Pattern.compile("\\{\"number\":(\\d+),\"count\":(\\d+)}");

    static final int RATE = 20_000;

    /** Where workers listen behind a link; the link has the same port on the usual address. */
    private static final String BEHIND_A_LINK = "127.0.0.2";

    private final Path directory;
    private final int port;
    private final List<String> program;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final Map<String, FaultyLink> links = new TreeMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> shared = new ArrayList<>();
    private final List<String> coordinating =
            new ArrayList<>(List.of("--parallelism=2", "--set=checkpoint.interval=100ms"));
    private String heartbeatTimeout = "10s";
    private boolean linked;

    /** Counts numbers into files, {@link #RATE} a second. */
    static JobOfProcesses counting(Path directory, long count) throws IOException {
        return new JobOfProcesses(
                directory,
                "--program=" + TestPrograms.CountingToFiles.class.getName(),
                "--param=count=" + count,
                "--param=rate=" + RATE,
                "--param=output=" + directory.resolve("output"));
    }

    /** @param program options that name the program and its parameters */
    JobOfProcesses(Path directory, String... program) throws IOException {
        this.directory = directory;
        this.program = List.of(program);
        this.port = freePort();
        shared.add("--storage=" + directory.resolve("bucket").toUri());
        shared.add("--progress-interval=20ms");
        Files.writeString(directory.resolve("token"), "a token for tests, not a secret");
    }

    /** With a bucket of this server, which answers at the endpoint. */
    JobOfProcesses storage(S3Server server, String endpoint) {
        shared.set(0, "--storage=s3://" + server.bucket() + "/jobs");
        shared.add("--storage-endpoint=" + endpoint);
        environment.put("HOLDFAST_STORAGE_ACCESS_KEY", server.accessKey());
        environment.put("HOLDFAST_STORAGE_SECRET_KEY", server.secretKey());
        return this;
    }

    /** With options for all processes, in front of those that are given at their start. */
    JobOfProcesses with(String... options) {
        shared.addAll(List.of(options));
        return this;
    }

    /** With restarts that follow at once, where faults one after the other are what is tested. */
    JobOfProcesses restartingQuickly() {
        coordinating.addAll(List.of(
                "--set=restart.exponential-delay.initial=50ms",
                "--set=restart.exponential-delay.maximum=200ms",
                "--set=restart.exponential-delay.reset-after=1s"));
        return this;
    }

    /** With the failure time-out that a job has by default; a machine that is busy with tests may need a longer one. */
    JobOfProcesses noticingSoon() {
        heartbeatTimeout = "2s";
        return this;
    }

    /** With links around each worker. */
    JobOfProcesses linked() {
        linked = true;
        return this;
    }

    /** From a worker to the coordinator. */
    FaultyLink toCoordinator(String worker) {
        return links.get(worker + " to coordinator");
    }

    /** From everybody to a worker. */
    FaultyLink toWorker(String worker) {
        return links.get("to " + worker);
    }

    Collection<FaultyLink> links() {
        return links.values();
    }

    /** Freed again at once; nobody else is likely to take it in the moment until the coordinator does. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    ChildProcess coordinator(String... more) throws IOException {
        List<String> own = new ArrayList<>(List.of("coordinator", "--listen-host=127.0.0.1", "--listen-port=" + port));
        own.addAll(coordinating);
        own.add("--set=heartbeat.timeout=" + heartbeatTimeout);
        return start(List.of(), own, more);
    }

    ChildProcess worker(String name, String... more) throws IOException {
        return worker(List.of(), name, more);
    }

    /** @param wrapper a command that runs the one behind it */
    ChildProcess worker(List<String> wrapper, String name, String... more) throws IOException {
        List<String> own = new ArrayList<>(
                List.of("worker", "--worker-name=" + name, "--slots=1", "--work-directory=" + workDirectory()));
        if (linked) {
            links.putIfAbsent(name + " to coordinator", new FaultyLink("127.0.0.1", port));
            links.putIfAbsent("to " + name, new FaultyLink(BEHIND_A_LINK, 0));
            own.add("--coordinator=127.0.0.1:" + toCoordinator(name).port());
            own.add("--listen-host=" + BEHIND_A_LINK);
            own.add("--listen-port=" + toWorker(name).port());
            own.add("--advertised-host=127.0.0.1");
        } else {
            own.add("--coordinator=127.0.0.1:" + port);
            own.add("--listen-host=127.0.0.1");
        }
        return start(wrapper, own, more);
    }

    private ChildProcess start(List<String> wrapper, List<String> own, String... more) throws IOException {
        List<String> args = new ArrayList<>(own);
        args.addAll(program);
        args.add("--name=counting");
        args.add("--token-file=" + directory.resolve("token"));
        args.addAll(shared);
        args.addAll(List.of(more));
        ChildProcess process = ChildProcess.start(
                directory.resolve("err-" + processes.size()), ChildProcess.HEAP, wrapper, environment, args);
        processes.add(process);
        return process;
    }

    /** Below it each worker has a directory of its own. */
    Path workDirectory() {
        return directory.resolve("work");
    }

    Path output() {
        return directory.resolve("output");
    }

    /** Counts of each number that readers of the output see, sorted; an update that is there twice stands twice. */
    Map<Long, List<Long>> committed() throws IOException {
        Map<Long, List<Long>> counts = new TreeMap<>();
        try (Stream<Path> files = Files.list(output())) {
            for (Path file : files.filter(f -> !String.valueOf(f.getFileName()).startsWith("."))
                    .toList()) {
                Matcher row = ROW.matcher(Files.readString(file));
                while (row.find()) {
                    counts.computeIfAbsent(Long.parseLong(row.group(1)), number -> new ArrayList<>())
                            .add(Long.parseLong(row.group(2)));
                }
            }
        }
        counts.values().forEach(list -> list.sort(null));
        return counts;
    }

    /** What is wrong with the output after so many records of ten numbers, in few words; empty if each record counts once. */
    List<String> differences(long records) throws IOException {
        Map<Long, List<Long>> counts = committed();
        List<String> differences = new ArrayList<>();
        expected(records).forEach((number, wanted) -> {
            List<Long> found = counts.getOrDefault(number, List.of());
            if (!found.equals(wanted)) {
                List<Long> missing = new ArrayList<>(wanted);
                missing.removeAll(new HashSet<>(found));
                List<Long> twice = new ArrayList<>();
                for (int i = 1; i < found.size(); i++) {
                    if (found.get(i).equals(found.get(i - 1))) {
                        twice.add(found.get(i));
                    }
                }
                differences.add("number " + number + ": " + found.size() + " of " + wanted.size() + " counts; missing "
                        + range(missing) + ", twice " + range(twice));
            }
        });
        return differences;
    }

    private static String range(List<Long> counts) {
        return counts.isEmpty() ? "none" : counts.size() + " from " + counts.getFirst() + " to " + counts.getLast();
    }

    /** What must be committed after so many records of ten numbers. */
    static Map<Long, List<Long>> expected(long records) {
        return expected(records, 10);
    }

    /** The same with another count of numbers. */
    static Map<Long, List<Long>> expected(long records, int numbers) {
        Map<Long, List<Long>> counts = new HashMap<>();
        for (long number = 0; number < numbers; number++) {
            counts.put(
                    number, LongStream.rangeClosed(1, records / numbers).boxed().toList());
        }
        return counts;
    }

    @Override
    public void close() throws IOException {
        processes.forEach(ChildProcess::close);
        for (FaultyLink link : links.values()) {
            link.close();
        }
    }
}
