package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker whose disk is full. The disk is a file system in memory that only the worker's process sees, so it goes with it; the test
 * reaches it through the process. Needs the right to mount, as root or in a user namespace: without it, the tests are skipped.
 */
class FullDiskTest {
    private static final int DISK_MB = 64;
    private static final int NUMBERS = 2_000;
    private static final long RECORDS = 12L * JobOfProcesses.RATE;

    @TempDir
    Path directory;

    private List<String> onSmallDisk = List.of();

    @BeforeEach
    void prepare() throws Exception {
        String mount = "mount -t tmpfs -o size=" + DISK_MB + "m none '"
                + Files.createDirectories(directory.resolve("work")) + "' && exec \"$@\"";
        for (String namespaces : List.of("-m", "-rm")) {
            onSmallDisk = List.of("unshare", namespaces, "sh", "-c", mount, "sh");
            if (canRun("true")) {
                return;
            }
        }
        Assumptions.abort("nothing can be mounted here");
    }

    private boolean canRun(String program) throws InterruptedException {
        List<String> command = new ArrayList<>(onSmallDisk);
        command.add(program);
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException noUnshare) {
            return false;
        }
    }

    @Test
    void movesTheWorkToAWorkerThatHasRoom() throws Exception {
        try (JobOfProcesses job = counting()) {
            ChildProcess coordinator = job.coordinator();
            List<ChildProcess> workers =
                    List.of(job.worker(onSmallDisk, "a"), job.worker(onSmallDisk, "b"), job.worker(onSmallDisk, "c"));
            Recovery recovery = new Recovery(coordinator);
            long before = recovery.running();
            ChildProcess first = Recovery.atWork(workers);

            long sinceNs = System.nanoTime();
            try (Filling filling = new Filling(disk(first))) {
                recovery.restarted(before);
                recovery.over("a full disk, with a spare worker", sinceNs);
                first.skip();
                first.await(line -> line.contains(" attempt=0 "));
            }

            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(coordinator.err()).contains("HF-STO-010").contains("No space left on device");
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(RECORDS, NUMBERS));
        }
    }

    @Test
    void goesOnWhenThereIsRoomAgain() throws Exception {
        try (JobOfProcesses job = counting()) {
            ChildProcess coordinator = job.coordinator();
            ChildProcess first = job.worker(onSmallDisk, "a");
            job.worker(onSmallDisk, "b");
            Recovery recovery = new Recovery(coordinator);
            long before = recovery.running();

            try (Filling filling = new Filling(disk(first))) {
                recovery.restarted(before + 2);
            }
            recovery.over("a disk that was full and has room again", System.nanoTime());

            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(job.committed()).isEqualTo(JobOfProcesses.expected(RECORDS, NUMBERS));
        }
    }

    /** With more state in each checkpoint than is held in memory. */
    private JobOfProcesses counting() throws IOException {
        return JobOfProcesses.counting(directory, RECORDS)
                .with("--param=numbers=" + NUMBERS, "--param=padding=4000")
                .restartingQuickly();
    }

    private Path disk(ChildProcess worker) {
        return Path.of("/proc", Long.toString(worker.pid()), "root")
                .resolve(directory.resolve("work").toString().substring(1));
    }

    /** Takes what is free on a disk, and what becomes free, until it is closed. */
    private static final class Filling implements AutoCloseable {
        private static final int CHUNK_BYTES = 4096;

        private final Path file;
        private final Thread thread;

        Filling(Path disk) {
            file = disk.resolve("filling");
            thread = Thread.ofPlatform().start(this::fill);
        }

        private void fill() {
            try (OutputStream out = Files.newOutputStream(file)) {
                while (true) {
                    writeAll(out);
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            } catch (IOException | InterruptedException closed) {
                return;
            }
        }

        private static void writeAll(OutputStream out) {
            byte[] chunk = new byte[CHUNK_BYTES];
            try {
                for (int written = 0; written <= DISK_MB << 20; written += chunk.length) {
                    out.write(chunk);
                }
            } catch (IOException full) {
                return;
            }
        }

        @Override
        public void close() throws IOException, InterruptedException {
            thread.interrupt();
            thread.join();
            Files.deleteIfExists(file);
        }
    }
}
