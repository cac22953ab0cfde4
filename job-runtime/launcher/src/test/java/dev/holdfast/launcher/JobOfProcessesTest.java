package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coordinator and workers as real processes, some of which are killed. */
class JobOfProcessesTest {
    private static final int SIGTERM_CODE = 128 + 15;
    private static final long RECORDS = 120_000;

    @TempDir
    Path directory;

    @Test
    void runsAJobToItsEnd() throws Exception {
        try (JobOfProcesses job = counting(5_000)) {
            ChildProcess coordinator = job.coordinator();
            ChildProcess first = job.worker("a");
            ChildProcess second = job.worker("b");

            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(coordinator.lastLine()).startsWith("end phase=FINISHED ");
            for (ChildProcess worker : new ChildProcess[] {first, second}) {
                assertThat(worker.exitCode()).as(worker.err()).isZero();
                assertThat(worker.lastLine()).startsWith("end cause=JOB_ENDED ").contains("FINISHED: all input");
            }
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(5_000));
        }
    }

    @Test
    void goesOnWithTheOthersWhenAWorkerIsKilled() throws Exception {
        try (JobOfProcesses job = counting(RECORDS)) {
            ChildProcess coordinator = job.coordinator();
            ChildProcess first = job.worker("a");
            job.worker("b");
            job.worker("c");
            coordinator.await(line -> ProcessTest.lastCheckpoint(line) >= 1);

            first.kill();

            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(RECORDS));
        }
    }

    @Test
    void goesOnWithTheSameWorkersWhenTheCoordinatorIsKilled() throws Exception {
        try (JobOfProcesses job = counting(RECORDS)) {
            ChildProcess coordinator = job.coordinator();
            ChildProcess first = job.worker("a");
            ChildProcess second = job.worker("b");
            coordinator.await(line -> ProcessTest.lastCheckpoint(line) >= 1);

            coordinator.kill();
            ChildProcess again = job.coordinator();

            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.lastLine()).startsWith("end phase=FINISHED ");
            assertThat(first.exitCode()).as(first.err()).isZero();
            assertThat(second.exitCode()).as(second.err()).isZero();
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(RECORDS));
        }
    }

    @Test
    void movesTheWorkOfAWorkerThatASignalEnds() throws Exception {
        try (JobOfProcesses job = counting(RECORDS)) {
            ChildProcess coordinator = job.coordinator();
            ChildProcess first = job.worker("a");
            job.worker("b");
            coordinator.await(line -> ProcessTest.lastCheckpoint(line) >= 1);

            first.terminate();

            assertThat(first.exitCode()).as(first.err()).isEqualTo(SIGTERM_CODE);
            coordinator.await(line -> line.contains("phase=WAITING") && line.contains("1 offered"));
            assertThat(coordinator.err()).contains("it said goodbye: its process got a signal to end");
            job.worker("a");
            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(RECORDS));
        }
    }

    @Test
    void handsOverAtACheckpointWhatASignalEnds() throws Exception {
        try (JobOfProcesses job = counting(RECORDS)) {
            // A failure would end this job: what is handed over is none.
            ChildProcess coordinator = job.coordinator("--set=restart.strategy=none");
            ChildProcess first = job.worker("a");
            job.worker("b");
            coordinator.await(line -> ProcessTest.lastCheckpoint(line) >= 1);
            job.worker("c").await(line -> line.contains("phase=READY"));

            first.terminate();

            assertThat(first.exitCode()).as(first.err()).isEqualTo(SIGTERM_CODE);
            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(coordinator.lastLine()).startsWith("end phase=FINISHED ").contains(" restarts=1 ");
            assertThat(coordinator.err()).contains("worker a is about to end; its work moves at a checkpoint");
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(RECORDS));
        }
    }

    @Test
    void endsWithASavepointWhereItIsToldTo() throws Exception {
        try (JobOfProcesses job = counting(1_000_000_000)) {
            ChildProcess coordinator = job.coordinator("--savepoint-on-stop=before-upgrade");
            ChildProcess first = job.worker("a");
            job.worker("b");
            coordinator.await(line -> ProcessTest.lastCheckpoint(line) >= 1);

            coordinator.terminate();

            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(coordinator.lastLine()).startsWith("end phase=SUSPENDED ");
            assertThat(first.exitCode()).as(first.err()).isZero();
            assertThat(first.lastLine()).contains("SUSPENDED: stopped with savepoint before-upgrade");
        }
    }

    @Test
    void endsTheWorkerThatRunsAnotherProgram() throws Exception {
        try (JobOfProcesses job = counting(1_000_000_000)) {
            ChildProcess coordinator = job.coordinator();
            ChildProcess other = job.worker("other", "--set=max-parallelism=64");

            assertThat(other.exitCode()).isEqualTo(ExitCode.REFUSED.number());
            assertThat(other.err())
                    .contains(
                            "error: HF-RUN-007: worker other runs another program than the coordinator at 127.0.0.1:");
            coordinator.await(line -> line.contains("phase=WAITING"));
            assertThat(coordinator.err()).contains("HF-RUN-007");
        }
    }

    @Test
    void looksForItsCoordinatorUntilItIsThere() throws Exception {
        try (JobOfProcesses job = counting(5_000)) {
            ChildProcess first = job.worker("a");
            ChildProcess second = job.worker("b");
            first.await(line -> line.contains("phase=LOOKING") && line.contains("looking for the coordinator at"));

            ChildProcess coordinator = job.coordinator();

            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(first.exitCode()).as(first.err()).isZero();
            assertThat(second.exitCode()).as(second.err()).isZero();
        }
    }

    private JobOfProcesses counting(long count) throws Exception {
        return JobOfProcesses.counting(directory, count);
    }
}
