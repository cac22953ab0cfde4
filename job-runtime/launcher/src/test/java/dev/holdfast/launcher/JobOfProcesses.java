package dev.holdfast.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A coordinator and workers as real processes on this machine, with a directory as their bucket. */
final class JobOfProcesses implements AutoCloseable {
    private static final Pattern ROW = Pattern.compile("\\{\"number\":(\\d+),\"count\":(\\d+)}");

    private final Path directory;
    private final int port;
    private final List<String> program;
    private final List<ChildProcess> processes = new ArrayList<>();

    /** @param program options that name the program and its parameters */
    JobOfProcesses(Path directory, String... program) throws IOException {
        this.directory = directory;
        this.program = List.of(program);
        this.port = freePort();
        Files.writeString(directory.resolve("token"), "a token for tests, not a secret");
    }

    /** Freed again at once; nobody else is likely to take it in the moment until the coordinator does. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    ChildProcess coordinator(String... more) throws IOException {
        return start(
                List.of(
                        "coordinator",
                        "--listen-port=" + port,
                        "--parallelism=2",
                        "--set=checkpoint.interval=100ms",
                        "--set=heartbeat.timeout=10s"),
                more);
    }

    ChildProcess worker(String name, String... more) throws IOException {
        return start(
                List.of(
                        "worker",
                        "--coordinator=127.0.0.1:" + port,
                        "--worker-name=" + name,
                        "--slots=1",
                        "--work-directory=" + directory.resolve("work")),
                more);
    }

    private ChildProcess start(List<String> own, String... more) throws IOException {
        List<String> args = new ArrayList<>(own);
        args.addAll(program);
        args.addAll(List.of(
                "--name=counting",
                "--storage=" + directory.resolve("bucket").toUri(),
                "--token-file=" + directory.resolve("token"),
                "--listen-host=127.0.0.1",
                "--progress-interval=20ms"));
        args.addAll(List.of(more));
        ChildProcess process =
                ChildProcess.start(directory.resolve("err-" + processes.size()), args.toArray(String[]::new));
        processes.add(process);
        return process;
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

    /** What must be committed after so many records. */
    static Map<Long, List<Long>> expected(long records) {
        Map<Long, List<Long>> counts = new HashMap<>();
        for (long number = 0; number < 10; number++) {
            counts.put(number, LongStream.rangeClosed(1, records / 10).boxed().toList());
        }
        return counts;
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::close);
    }
}
