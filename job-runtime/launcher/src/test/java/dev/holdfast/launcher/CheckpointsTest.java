package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code checkpoints}. */
class CheckpointsTest {
    @TempDir
    Path directory;

    @Test
    void saysThatAJobHasNeverBegun() {
        Captured listed = list();

        assertThat(listed.code()).as(listed.err()).isEqualTo(ExitCode.DONE);
        assertThat(listed.out().lines())
                .containsExactly(
                        "job default/counting/local in directory " + directory.resolve("bucket"),
                        "the job has never begun",
                        "no checkpoints",
                        "no savepoints",
                        "a start goes on from nothing, with empty state");
    }

    @Test
    void listsWhatARunningJobHasLeft() throws Exception {
        try (ChildProcess job = start()) {
            job.await(line -> ProcessTest.lastCheckpoint(line) >= 4);
            job.kill();
        }

        Captured listed = list();
        Captured json = list("--json");

        assertThat(listed.out()).contains("\ngeneration 1").contains("\ncheckpoints, newest first:\n");
        assertThat(listed.out()).containsPattern("a start goes on from checkpoint \\d+");
        assertThat(json.out())
                .startsWith("{\"job\":\"default/counting/local\",\"generation\":1,")
                .containsPattern("\"checkpoints\":\\[\\{\"id\":\\d+,\"slot\":\\d+,\"generation\":1,")
                .containsPattern("\"next\":\"checkpoint \\d+\"}");
    }

    @Test
    void listsSavepoints() throws Exception {
        try (ChildProcess job = start("--savepoint-on-stop=before-upgrade")) {
            job.await(line -> ProcessTest.lastCheckpoint(line) >= 1);
            job.terminate();
            assertThat(job.exitCode()).as(job.err()).isZero();
        }

        assertThat(list().out()).contains("ended: SUSPENDED, ").contains("savepoints: before-upgrade\n");
    }

    private ChildProcess start(String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of(
                "local",
                "--program=" + TestPrograms.Counting.class.getName(),
                "--name=counting",
                "--storage=" + directory.resolve("bucket").toUri(),
                "--progress-interval=20ms",
                "--set=checkpoint.interval=100ms",
                "--param=count=1000000000",
                "--param=rate=20000"));
        args.addAll(List.of(more));
        return ChildProcess.start(directory.resolve("err"), args.toArray(String[]::new));
    }

    private Captured list(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "checkpoints",
                "--name=counting",
                "--storage=" + directory.resolve("bucket").toUri()));
        args.addAll(List.of(more));
        return Captured.run(Map.of(), args.toArray(String[]::new));
    }
}
