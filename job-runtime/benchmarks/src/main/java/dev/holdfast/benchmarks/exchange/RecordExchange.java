package dev.holdfast.benchmarks.exchange;

import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Type;
import dev.holdfast.benchmarks.Event;
import dev.holdfast.benchmarks.Events;
import dev.holdfast.benchmarks.cluster.ProcessCluster;
import dev.holdfast.engine.type.TypeSerializers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Records of a whole job between two worker processes: {@link CrossingProgram} and {@link EchoProgram}. */
final class RecordExchange {
    private static final Pattern RECEIVED = Pattern.compile("received subtask=(\\d) records=(\\d+) at_ns=(\\d+)");
    private static final Pattern ECHO = Pattern.compile("echo subtask=\\d p50_us=(\\d+) p99_us=(\\d+) max_us=(\\d+)");
    private static final int ECHOES_PER_SECOND = 1_000;
    private static final int LINES_TO_WARM_UP = 2;

    private final String holdfast;
    private final String classPath;

    /**
     * Makes one.
     *
     * @param holdfast the launcher's script
     * @param classPath with the programs
     */
    RecordExchange(String holdfast, String classPath) {
        this.holdfast = holdfast;
        this.classPath = classPath;
    }

    /** How much went over, by both processes together. */
    record Throughput(double recordsPerSecond, double cores) {
        double recordsPerCore() {
            return recordsPerSecond / cores;
        }
    }

    /** Times of records there and back, in microseconds; of the slower task. */
    record Latency(long p50Us, long p99Us, long maxUs, int records) {}

    /** Bytes of one record in a frame. */
    static double recordBytes() {
        var serializer = TypeSerializers.of(Type.of(Event.class));
        Events events = new Events(0, 1 << 20);
        DataWriter out = new DataWriter();
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            serializer.write(events.make(i), out);
        }
        return (double) out.size() / count;
    }

    /** @param workers two, or one that has both tasks: then the records stay in its memory */
    Throughput throughput(int workers, int warmUpSeconds, int seconds) throws IOException, InterruptedException {
        try (ProcessCluster cluster = start(workers, CrossingProgram.class, List.of())) {
            cluster.await("records of both tasks", () -> received(cluster).size() == OtherTask.PARALLELISM);
            Thread.sleep(Duration.ofSeconds(warmUpSeconds));
            Map<Long, Matcher> before = received(cluster);
            Duration cpuBefore = cpu(cluster);
            long startNs = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(seconds));
            Map<Long, Matcher> after = received(cluster);
            double cores = cpu(cluster).minus(cpuBefore).toNanos() / (double) (System.nanoTime() - startNs);
            double perSecond = 0;
            for (Map.Entry<Long, Matcher> each : after.entrySet()) {
                Matcher first = Objects.requireNonNull(before.get(each.getKey()));
                perSecond += (number(each.getValue(), 2) - number(first, 2))
                        * 1e9
                        / (number(each.getValue(), 3) - number(first, 3));
            }
            return new Throughput(perSecond, cores);
        }
    }

    Latency latency(int seconds) throws IOException, InterruptedException {
        try (ProcessCluster cluster = start(
                OtherTask.PARALLELISM, EchoProgram.class, List.of("--param=per-second=" + 2 * ECHOES_PER_SECOND))) {
            int lines = LINES_TO_WARM_UP + Math.max(1, seconds * ECHOES_PER_SECOND / EchoProgram.SAMPLES);
            cluster.await(
                    "echoes",
                    () -> cluster.workers().stream()
                            .allMatch(worker -> all(worker, ECHO).size() >= lines));
            long p50Us = 0;
            long p99Us = 0;
            long maxUs = 0;
            int records = 0;
            for (ProcessCluster.Worker worker : cluster.workers()) {
                for (Matcher echo : all(worker, ECHO).subList(LINES_TO_WARM_UP, lines)) {
                    p50Us = Math.max(p50Us, number(echo, 1));
                    p99Us = Math.max(p99Us, number(echo, 2));
                    maxUs = Math.max(maxUs, number(echo, 3));
                    records += EchoProgram.SAMPLES;
                }
            }
            return new Latency(p50Us, p99Us, maxUs, records);
        }
    }

    private ProcessCluster start(int workers, Class<? extends StreamProgram> program, List<String> parameters)
            throws IOException {
        List<String> ofAll = new ArrayList<>(List.of(
                "--program=" + program.getName(), "--name=exchange", "--max-parallelism=" + OtherTask.MAX_PARALLELISM));
        ofAll.addAll(parameters);
        return new ProcessCluster(new ProcessCluster.Setup(
                holdfast,
                classPath,
                "",
                OtherTask.PARALLELISM,
                workers,
                OtherTask.PARALLELISM / workers,
                "-Xmx1g -XX:+UseParallelGC",
                List.of("--set=checkpoint.interval=1h"),
                List.of("--state-memory=64m"),
                ofAll));
    }

    /** The newest count of each task. */
    private static Map<Long, Matcher> received(ProcessCluster cluster) {
        Map<Long, Matcher> newest = new TreeMap<>();
        cluster.workers().forEach(worker -> all(worker, RECEIVED).forEach(line -> newest.put(number(line, 1), line)));
        return newest;
    }

    private static List<Matcher> all(ProcessCluster.Worker worker, Pattern pattern) {
        return worker.says().lines().stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .toList();
    }

    private static long number(Matcher matcher, int group) {
        return Long.parseLong(matcher.group(group));
    }

    /** CPU time of the workers so far. */
    private static Duration cpu(ProcessCluster cluster) {
        return cluster.workers().stream()
                .map(worker -> worker.process().info().totalCpuDuration().orElseThrow())
                .reduce(Duration.ZERO, Duration::plus);
    }
}
