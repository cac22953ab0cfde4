package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.host.HostClock;
import dev.holdfast.transport.netty.NettyTransport;
import dev.holdfast.transport.netty.NetworkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The coordinator of a job with a thousand tasks as a process of its own, with simulated workers. */
@EnabledOnOs(OS.LINUX)
class ManyTasksTest {
    private static final int WORKERS = 50;
    private static final int SLOTS_OF_WORKER = 10;
    private static final int PARALLELISM = WORKERS * SLOTS_OF_WORKER;
    private static final int MAX_PARALLELISM = 2_048;
    private static final int CHECKPOINTS = 30;

    /** What a container of 256 MB has; the launcher's script gives such a process a heap of 64 MB. */
    private static final long MOST_RESIDENT_KB = 256 << 10;

    private static final Pattern LISTENING = Pattern.compile(" listening=127\\.0\\.0\\.1:(\\d+) ");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    @TempDir
    Path directory;

    @Test
    void takesCheckpointsInTheMemoryOfASmallContainer() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "a token for tests, not a secret");
        try (ChildProcess coordinator = ChildProcess.start(
                        directory.resolve("err"),
                        "-Xmx64m",
                        List.of(),
                        Map.of(),
                        List.of(
                                "coordinator",
                                "--program=" + TestPrograms.CountingToFiles.class.getName(),
                                "--param=count=1000000000",
                                "--param=output=" + directory.resolve("output"),
                                "--name=counting",
                                "--parallelism=" + PARALLELISM,
                                "--max-parallelism=" + MAX_PARALLELISM,
                                "--storage=" + directory.resolve("bucket").toUri(),
                                "--token-file=" + token,
                                "--listen-host=127.0.0.1",
                                "--listen-port=0",
                                "--http-port=0",
                                "--set=memory.total=256m",
                                "--set=checkpoint.interval=200ms",
                                "--progress-interval=100ms"));
                NettyTransport transport = new NettyTransport(
                        NetworkSettings.of(new Endpoint("127.0.0.1", 0), new NetworkSettings.Security.Token(token)),
                        new HostClock())) {
            Matcher listening = LISTENING.matcher(coordinator.await(line -> line.startsWith("coordinator of job ")));
            assertThat(listening.find()).isTrue();
            Endpoint endpoint = new Endpoint("127.0.0.1", Integer.parseInt(listening.group(1)));
            try (SimulatedWorkers workers =
                    new SimulatedWorkers(transport, endpoint, "default/counting/local/", MAX_PARALLELISM)) {
                workers.start(WORKERS, SLOTS_OF_WORKER);
                String line = coordinator.await(next -> ProcessTest.lastCheckpoint(next) >= CHECKPOINTS);

                assertThat(line).contains("phase=RUNNING").contains(" failed_checkpoints=0 restarts=0");
                long residentKb = peakResidentKb(coordinator.pid());
                System.out.printf(
                        "coordinator of %d tasks: at most %,d MB resident%n", 2 * PARALLELISM, residentKb >> 10);
                assertThat(residentKb).isLessThan(MOST_RESIDENT_KB);
            }
        }
    }

    private static long peakResidentKb(long pid) throws IOException {
        Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        assertThat(peak.find()).isTrue();
        return Long.parseLong(peak.group(1));
    }
}
