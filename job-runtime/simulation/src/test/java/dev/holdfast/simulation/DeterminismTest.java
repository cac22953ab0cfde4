package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same seed gives the same event log, byte by byte: in one process twice, and in processes with other heap sizes. */
class DeterminismTest {
    private static final long FIRST_SEED = 300;
    private static final int SEEDS = 12;
    private static final long WITHIN_SECONDS = 300;

    @Test
    void theSameSeedGivesTheSameEventLogOnEveryRunAndHeap() throws Exception {
        List<String> here = EventLogs.digests(FIRST_SEED, SEEDS);

        assertThat(EventLogs.digests(FIRST_SEED, SEEDS)).isEqualTo(here);
        assertThat(inAProcess("-Xmx96m", "-XX:+UseSerialGC")).isEqualTo(here);
        assertThat(inAProcess("-Xmx700m", "-XX:+UseG1GC")).isEqualTo(here);
        assertThat(here).doesNotHaveDuplicates();
    }

    private static List<String> inAProcess(String... options) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                EventLogs.class.getName(),
                Long.toString(FIRST_SEED),
                Integer.toString(SEEDS)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS)).isTrue();
            return told.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }
}
