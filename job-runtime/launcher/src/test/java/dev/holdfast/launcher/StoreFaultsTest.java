package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.storage.s3.ObjectStores;
import dev.holdfast.storage.s3.StoreSettings;
import dev.holdfast.testkit.S3Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Real processes over an S3 server that is slow, refuses, breaks off or is not there. */
class StoreFaultsTest {
    /** How long a call may take with all its tries: not as long as the faults last. */
    private static final int CALL_TIMEOUT_MS = 3_000;

    private static final int FAULT_MS = 4_000;

    @TempDir
    Path directory;

    private S3Server server;
    private FaultyLink link;

    @BeforeEach
    void start() throws Exception {
        server = S3Server.start(directory.resolve("s3"));
        // Its first request takes it longer than the short time-outs of these tests allow.
        try (ObjectStore store = ObjectStores.open(StoreSettings.parse(Map.of(
                "storage",
                "s3://" + server.bucket() + "/warm-up",
                "storage.endpoint",
                "http://127.0.0.1:" + server.port(),
                "storage.access-key",
                server.accessKey(),
                "storage.secret-key",
                server.secretKey())))) {
            store.putIfAbsent("warm-up", Content.of(new byte[1]));
        }
        link = new FaultyLink("127.0.0.1", server.port());
    }

    @AfterEach
    void end() throws Exception {
        link.close();
        server.close();
    }

    @Test
    void runsOnAStoreThatIsSlow() throws Exception {
        link.delay(Duration.ofMillis(50));
        long records = 4L * JobOfProcesses.RATE;
        try (JobOfProcesses job = counting(records)) {
            ChildProcess coordinator = job.coordinator();
            job.worker("a");
            job.worker("b");

            ended(job, coordinator, records);
            assertThat(coordinator.lastLine()).contains(" restarts=0 ");
        }
    }

    @Test
    void getsOverAStoreThatRefusesWith503() throws Exception {
        during("503 for " + FAULT_MS + " ms", () -> {
            link.unavailable(true);
            pause();
            link.unavailable(false);
        });
    }

    @Test
    void getsOverAStoreThatBreaksOffItsAnswers() throws Exception {
        during("resets for " + FAULT_MS + " ms", () -> {
            link.resetEvery(10_000);
            pause();
            link.resetEvery(Long.MAX_VALUE);
        });
    }

    @Test
    void getsOverAStoreThatIsNotThere() throws Exception {
        during("no store for " + FAULT_MS + " ms", () -> {
            link.refuse();
            pause();
            link.accept();
        });
    }

    @Test
    void getsOverAStoreThatDoesNotAnswer() throws Exception {
        during("silence for " + FAULT_MS + " ms", () -> {
            link.hold();
            pause();
            link.release();
        });
    }

    @Test
    void startsAndRecoversOnceTheStoreIsThere() throws Exception {
        long records = 12L * JobOfProcesses.RATE;
        link.refuse();
        try (JobOfProcesses job = counting(records)) {
            ChildProcess coordinator = job.coordinator();
            List<ChildProcess> workers = List.of(job.worker("a"), job.worker("b"), job.worker("c"));
            pause();
            link.accept();
            Recovery recovery = new Recovery(coordinator);
            long before = recovery.running();

            link.refuse();
            Recovery.atWork(workers).kill();
            recovery.restarted(before);
            pause();
            long sinceNs = System.nanoTime();
            link.accept();
            recovery.over("a worker killed while there was no store", sinceNs);

            ended(job, coordinator, records);
        }
    }

    /** The same again and again in the life of one job, at random moments. */
    @Test
    @EnabledIfSystemProperty(named = "holdfast.soak.minutes", matches = "[1-9][0-9]*")
    void losesNothingHoweverOftenWorkersDieWithoutAStore() throws Exception {
        // About ten seconds each, of which the job is at work for two.
        int rounds = 6 * Integer.getInteger("holdfast.soak.minutes");
        long records = (15 + 3L * rounds) * JobOfProcesses.RATE;
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        System.out.println("-Dholdfast.seed=" + seed);
        Random random = new Random(seed);
        try (JobOfProcesses job = counting(records)) {
            ChildProcess coordinator = job.coordinator();
            List<ChildProcess> workers = new ArrayList<>(List.of(job.worker("a"), job.worker("b"), job.worker("c")));
            Recovery recovery = new Recovery(coordinator);
            for (int round = 0; round < rounds; round++) {
                long before = recovery.running();
                ChildProcess victim = Recovery.atWork(workers);
                boolean storeFirst = random.nextBoolean();
                if (storeFirst) {
                    link.refuse();
                    pause(random.nextInt(500));
                }
                victim.kill();
                workers.remove(victim);
                if (!storeFirst) {
                    pause(random.nextInt(100));
                    link.refuse();
                }
                recovery.restarted(before);
                pause(random.nextInt(FAULT_MS));
                long sinceNs = System.nanoTime();
                link.accept();
                workers.add(job.worker("w" + round));
                recovery.over("round " + round, sinceNs);
            }

            ended(job, coordinator, records);
        }
    }

    private interface Fault {
        void happen() throws Exception;
    }

    /** A job meets a fault, and its output is exact. */
    private void during(String what, Fault fault) throws Exception {
        long records = (FAULT_MS / 1000 + 8L) * JobOfProcesses.RATE;
        try (JobOfProcesses job = counting(records)) {
            ChildProcess coordinator = job.coordinator();
            job.worker("a");
            job.worker("b");
            Recovery recovery = new Recovery(coordinator);
            recovery.running();
            fault.happen();
            recovery.over(what, System.nanoTime());

            ended(job, coordinator, records);
        }
    }

    private static void ended(JobOfProcesses job, ChildProcess coordinator, long records) throws Exception {
        assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
        assertThat(coordinator.lastLine()).startsWith("end phase=FINISHED ");
        assertThat(job.differences(records)).as(coordinator.err()).isEmpty();
    }

    private JobOfProcesses counting(long records) throws Exception {
        return JobOfProcesses.counting(directory, records)
                .storage(server, "http://127.0.0.1:" + link.port())
                .with(
                        "--set=storage.connect-timeout-ms=500",
                        "--set=storage.attempt-timeout-ms=2000",
                        "--set=storage.call-timeout-ms=" + CALL_TIMEOUT_MS)
                .restartingQuickly();
    }

    /** How long a fault lasts. */
    private static void pause() throws InterruptedException {
        pause(FAULT_MS);
    }

    private static void pause(long ms) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ms);
    }
}
