package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process says and how it ends, seen from outside. */
class ProcessTest {
    private static final int SIGTERM_CODE = 128 + 15;
    /** Half a minute at 20,000 a second: the job is still at work when it is to be killed, however slow the machine is. */
    private static final int RECORDS = 600_000;

    private static final String COUNT = "--param=count=" + RECORDS;

    @TempDir
    Path directory;

    private int started;

    @Test
    void endsWithZeroWhenTheJobHasFinished() throws Exception {
        try (ChildProcess job = start("--param=count=5000")) {
            assertThat(job.exitCode()).as(job.err()).isZero();
            assertThat(job.lastLine())
                    .matches("end phase=FINISHED records=5000 checkpoints=[1-9]\\d* failed_checkpoints=0 restarts=0"
                            + " generation=1 message=\"all input is processed\"");
            assertThat(job.err()).isEmpty();
        }
    }

    @Test
    void endsWithZeroAtOnceWhenTheJobHadFinishedBefore() throws Exception {
        try (ChildProcess job = start("--param=count=5000")) {
            assertThat(job.exitCode()).as(job.err()).isZero();
        }
        try (ChildProcess again = start("--param=count=5000")) {
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.lastLine()).contains("phase=FINISHED records=0").contains("had finished before");
        }
    }

    @Test
    void endsWithTwoAndOneLineWhenASettingIsWrong() throws Exception {
        try (ChildProcess job = start("--set=checkpoint.intervall=1s")) {
            assertThat(job.exitCode()).isEqualTo(2);
            assertThat(job.err())
                    .isEqualTo("error: HF-CFG-001: there is no setting 'checkpoint.intervall' (command line). Did you"
                            + " mean checkpoint.interval?\n");
        }
    }

    @Test
    void goesOnFromTheBucketAfterAKill() throws Exception {
        try (ChildProcess job = start(COUNT, "--param=rate=20000")) {
            job.await(line -> lastCheckpoint(line) >= 3);
            job.kill();
        }
        try (ChildProcess again = start(COUNT)) {
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.lastLine()).contains("phase=FINISHED");
            assertThat(records(again.lastLine())).isPositive().isLessThan(RECORDS);
        }
    }

    @Test
    void leavesTheJobToTheNextProcessWhenASignalEndsIt() throws Exception {
        try (ChildProcess job = start(COUNT, "--param=rate=20000")) {
            job.await(line -> lastCheckpoint(line) >= 3);
            job.terminate();
            assertThat(job.exitCode()).as(job.err()).isEqualTo(SIGTERM_CODE);
            assertThat(job.lastLine()).startsWith("stopped by a signal; the next start goes on from checkpoint ");
        }
        assertThat(directory.resolve("work/default/counting/local/files")).doesNotExist();
        try (ChildProcess again = start(COUNT)) {
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(records(again.lastLine())).isPositive().isLessThan(RECORDS);
        }
    }

    @Test
    void takesASavepointWhenASignalEndsItIfItIsToldTo() throws Exception {
        try (ChildProcess job =
                start("--param=count=1000000000", "--param=rate=20000", "--savepoint-on-stop=before-upgrade")) {
            job.await(line -> lastCheckpoint(line) >= 2);
            job.terminate();
            assertThat(job.exitCode()).as(job.err()).isZero();
            assertThat(job.lastLine()).startsWith("end phase=SUSPENDED ").contains("before-upgrade");
        }
        assertThat(directory.resolve("bucket/default/counting/local/savepoints/before-upgrade"))
                .isNotEmptyDirectory();
        try (ChildProcess again = start("--param=count=1000000000", "--param=rate=20000")) {
            again.await(line -> line.contains("phase=RUNNING") && records(line) > 0);
        }
    }

    @Test
    void endsWithThreeWhenAnotherProcessHasTakenOver() throws Exception {
        try (ChildProcess first = start("--param=count=1000000000", "--param=rate=20000")) {
            first.await(line -> lastCheckpoint(line) >= 1);
            try (ChildProcess second = startIn("other", "--param=count=1000000000", "--param=rate=20000")) {
                second.await(line -> line.contains("phase=RUNNING") && records(line) > 0);
                assertThat(first.exitCode()).isEqualTo(3);
                assertThat(first.lastLine()).startsWith("end phase=FENCED ");
                assertThat(first.err()).contains("error: HF-");
            }
        }
    }

    @Test
    void endsWithFourWhereACallNeverReturnsAndTheNextProcessGoesOn() throws Exception {
        try (ChildProcess job = hanging("--param=hang=30000")) {
            job.await(line -> line.contains("message=\"waiting for slot ") && line.contains(": task numbers/"));
            assertThat(job.exitCode()).as(job.err()).isEqualTo(4);
            assertThat(job.lastLine()).startsWith("end phase=INTERRUPTED ");
            assertThat(job.err()).contains("error: HF-RUN-013: ", ": task numbers/", "Start the job again");
        }
        try (ChildProcess again = hanging()) {
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.lastLine()).contains("phase=FINISHED");
            assertThat(records(again.lastLine())).isPositive().isLessThan(60_000);
        }
    }

    private ChildProcess hanging(String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "--param=count=60000",
                "--param=rate=20000",
                "--set=task.call-timeout=3s",
                "--set=task.cancel-timeout=2s"));
        args.addAll(List.of(more));
        return startIn(TestPrograms.Hanging.class, "work", args.toArray(String[]::new));
    }

    @Test
    void saysWhatFillsTheHeapBeforeItEndsForLackOfMemory() throws Exception {
        try (ChildProcess job = start("--program=" + TestPrograms.Hoarding.class.getName())) {
            assertThat(job.exitCode()).isNotZero();
            assertThat(job.err())
                    .contains("HF-RUN-020: the heap of 256 MB is nearly full")
                    .contains(" [J");
        }
    }

    private ChildProcess start(String... more) throws IOException {
        return startIn("work", more);
    }

    private ChildProcess startIn(String work, String... more) throws IOException {
        return startIn(TestPrograms.Counting.class, work, more);
    }

    private ChildProcess startIn(Class<?> program, String work, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "local",
                "--name=counting",
                "--storage=" + directory.resolve("bucket").toUri(),
                "--work-directory=" + directory.resolve(work),
                "--progress-interval=20ms",
                "--parallelism=2",
                "--set=checkpoint.interval=100ms"));
        args.addAll(List.of(more));
        if (args.stream().noneMatch(arg -> arg.startsWith("--program="))) {
            args.add("--program=" + program.getName());
        }
        return ChildProcess.start(directory.resolve("err-" + ++started), args.toArray(String[]::new));
    }

    /** Lines may come more rarely than checkpoints, so one of them has no line of its own. */
    static long lastCheckpoint(String line) {
        return Long.parseLong(line.replaceFirst(".* last_checkpoint=(\\d+) .*|.*", "0$1"));
    }

    private static long records(String line) {
        return Long.parseLong(line.replaceFirst(".* records=(\\d+).*", "$1"));
    }
}
