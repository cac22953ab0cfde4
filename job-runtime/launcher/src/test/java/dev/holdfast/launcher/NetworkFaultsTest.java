package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes whose connections are late, cut, or dead: each record counts once, and the job gets over it by itself. */
@EnabledOnOs(OS.LINUX)
class NetworkFaultsTest {
    /** Half of what the job takes by itself. */
    private static final long CUTTING_NS = 6_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void goesOnWithoutARestartWhereEverythingIsLate() throws Exception {
        long records = 4L * JobOfProcesses.RATE;
        try (JobOfProcesses job = JobOfProcesses.counting(directory, records).linked()) {
            ChildProcess coordinator = job.coordinator();
            job.worker("a");
            job.worker("b");
            for (FaultyLink link : job.links()) {
                link.delay(Duration.ofMillis(100));
            }

            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(coordinator.lastLine()).startsWith("end phase=FINISHED ").contains(" restarts=0 ");
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(records));
        }
    }

    @Test
    void countsOnceWhereConnectionsAreCutAgainAndAgain() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("cuts of seed " + seed);
        Random random = new Random(seed);
        long records = 12L * JobOfProcesses.RATE;
        try (JobOfProcesses job =
                JobOfProcesses.counting(directory, records).linked().restartingQuickly()) {
            ChildProcess coordinator = job.coordinator();
            job.worker("a");
            job.worker("b");
            List<FaultyLink> links = List.copyOf(job.links());
            for (FaultyLink link : links) {
                link.delay(Duration.ofMillis(2));
            }
            Recovery recovery = new Recovery(coordinator);
            recovery.running();
            int cuts = 0;
            for (long endNs = System.nanoTime() + CUTTING_NS; System.nanoTime() < endNs; cuts++) {
                int link = random.nextInt(links.size());
                long sinceNs = System.nanoTime();
                links.get(link).cut();
                recovery.over("cut of link " + link, sinceNs);
            }

            assertThat(cuts).isGreaterThan(2);
            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(records));
        }
    }

    @Test
    void replacesAWorkerThatIsCutOffAndFencesIt() throws Exception {
        long records = 12L * JobOfProcesses.RATE;
        try (JobOfProcesses job =
                JobOfProcesses.counting(directory, records).linked().noticingSoon()) {
            ChildProcess coordinator = job.coordinator();
            List<String> names = List.of("a", "b", "c");
            List<ChildProcess> workers = List.of(job.worker("a"), job.worker("b"), job.worker("c"));
            Recovery recovery = new Recovery(coordinator);
            long before = recovery.running();
            ChildProcess first = Recovery.atWork(workers);
            String name = names.get(workers.indexOf(first));

            long sinceNs = System.nanoTime();
            job.toCoordinator(name).hold();
            recovery.restarted(before);
            recovery.over("a worker cut off from its coordinator", sinceNs);
            job.toCoordinator(name).release();
            first.skip();
            first.await(line -> line.contains("phase=READY"));

            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(first.exitCode()).as(first.err()).isZero();
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(records));
            assertThat(first.err())
                    .contains("worker " + name + " gives up its part of attempt ")
                    .contains("was silent for 2");
        }
    }
}
