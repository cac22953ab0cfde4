package dev.holdfast.benchmarks.start;

import dev.holdfast.benchmarks.Numbers;
import dev.holdfast.benchmarks.cluster.ProcessCluster;
import dev.holdfast.benchmarks.recovery.RecoveryProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a worker takes from the start of its process until it offers its slots: an empty directory, a coordinator that waits for
 * more of them, nothing else on the machine.
 */
public final class StartBenchmark {
    private static final int MORE_SLOTS_THAN_THERE_ARE = 2;
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private StartBenchmark() {}

    /** Takes {@code --rounds=10}, the launcher's script with {@code --holdfast=} and a class path with {@code --class-path=}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = 10;
        String holdfast = "";
        String classPath = "";
        for (String arg : args) {
            String[] pair = arg.split("=", 2);
            switch (pair[0]) {
                case "--rounds" -> rounds = Integer.parseInt(pair[1]);
                case "--holdfast" -> holdfast = pair[1];
                case "--class-path" -> classPath = pair[1];
                default -> throw new IllegalArgumentException("unknown option '" + arg + "'. There is --rounds=");
            }
        }
        print(run(holdfast, classPath, rounds));
    }

    private static List<Double> run(String holdfast, String classPath, int rounds)
            throws IOException, InterruptedException {
        List<Double> timesNs = new ArrayList<>();
        try (ProcessCluster cluster = new ProcessCluster(setup(holdfast, classPath))) {
            ProcessCluster.Worker worker = cluster.workers().getFirst();
            cluster.await("the first start", () -> isReady(worker));
            for (int round = 0; round < rounds; round++) {
                worker.process().destroyForcibly().waitFor();
                cluster.forget(worker);
                Thread.sleep(BETWEEN);
                long startNs = System.nanoTime();
                cluster.launch(worker);
                while (!isReady(worker)) {
                    Thread.sleep(1);
                }
                timesNs.add((double) (System.nanoTime() - startNs));
            }
        }
        return timesNs;
    }

    private static ProcessCluster.Setup setup(String holdfast, String classPath) {
        return new ProcessCluster.Setup(
                holdfast,
                classPath,
                "",
                MORE_SLOTS_THAN_THERE_ARE,
                1,
                1,
                "-Xmx700m",
                List.of(),
                List.of("--http-port=0", "--state-memory=200m"),
                List.of(
                        "--program=" + RecoveryProgram.class.getName(),
                        "--name=start",
                        "--param=keys=1000",
                        "--param=value-bytes=100",
                        "--param=per-second=1000"));
    }

    private static boolean isReady(ProcessCluster.Worker worker) {
        return worker.says().lines().stream().anyMatch(line -> line.contains("phase=READY"));
    }

    private static void print(List<Double> timesNs) {
        List<Double> sorted = timesNs.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "worker, from the start of its process until it offers slots: median %s, longest %s of %d (aim 1000 ms)%n",
                Numbers.ms(Numbers.median(sorted)),
                Numbers.ms(sorted.getLast()),
                sorted.size());
    }
}
