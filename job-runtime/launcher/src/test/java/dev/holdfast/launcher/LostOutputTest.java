package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output that the log has decided to show is gone: the job says so and ends, each time, until it is back. */
class LostOutputTest {
    /** Half a minute at 20,000 a second: the job is still at work when it is to be killed, however slow the machine is. */
    private static final int RECORDS = 600_000;

    private static final int FAST = 1_000_000;

    @TempDir
    Path directory;

    private int started;

    @Test
    void endsEachStartWithOneUntilTheOutputIsBackAndThenFinishesExactly() throws Exception {
        Path output = directory.resolve("output");
        Path aside = directory.resolve("aside");
        try (ChildProcess job = start(20_000)) {
            job.await(line -> ProcessTest.lastCheckpoint(line) >= 3);
            job.kill();
        }
        // As if it had been killed after the decision and before the note that all is visible.
        deleteAll(directory.resolve("bucket/default/writing/local/committed"));
        Files.move(output, aside);

        for (int again = 0; again < 2; again++) {
            try (ChildProcess job = start(FAST)) {
                assertThat(job.exitCode()).as(job.err()).isEqualTo(1);
                assertThat(job.lastLine()).startsWith("end phase=FAILED ").contains(" restarts=0 ");
                assertThat(job.err())
                        .contains("\nerror: HF-SNK-001: sink 'files' could not commit ")
                        .contains("HF-FIL-010: output of a checkpoint is lost: found neither ")
                        .contains(" and start the job again: it goes on with nothing lost.");
            }
        }

        deleteAll(output);
        Files.move(aside, output);
        try (ChildProcess job = start(FAST)) {
            assertThat(job.exitCode()).as(job.err()).isZero();
        }
        // Equality, since AssertJ compares the elements of such a list in quadratic time.
        assertThat(lines(output).equals(IntStream.range(0, RECORDS).boxed().toList()))
                .as("each number is visible once")
                .isTrue();
    }

    private ChildProcess start(int rate) throws IOException {
        return ChildProcess.start(
                directory.resolve("err-" + ++started),
                "local",
                "--program=" + TestPrograms.Writing.class.getName(),
                "--name=writing",
                "--storage=" + directory.resolve("bucket").toUri(),
                "--work-directory=" + directory.resolve("work"),
                "--progress-interval=20ms",
                "--parallelism=2",
                "--set=checkpoint.interval=100ms",
                "--param=count=" + RECORDS,
                "--param=rate=" + rate,
                "--param=output=" + directory.resolve("output"));
    }

    private static List<Integer> lines(Path output) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.readAllLines(file).forEach(line -> numbers.add(Integer.valueOf(line)));
            }
        }
        numbers.sort(Comparator.naturalOrder());
        return numbers;
    }

    private static void deleteAll(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(root)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
