package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.local.CountJob.Count;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is in the bucket over a job's life. */
class RetentionTest {
    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(4);

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void theNumberOfObjectsStaysBoundedOverManyCheckpoints() {
        // A collection takes some 100 ms here: between them are a few checkpoints.
        SimulatedJob job = setup.checkpoints(new CheckpointSettings(
                        Duration.ofMillis(70), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 3, true, false))
                .start("a", () -> new SlowCount(ledger, 200_000));
        long most = 0;
        for (int at = 20; at <= 160; at += 20) {
            setup.runToCheckpoint(job, at);
            most = Math.max(most, objects().size());
        }

        assertThat(most).as("objects at the same time: %s", objects()).isLessThan(70);
        job.process().kill();
    }

    @Test
    void atTheEndExactlyTheRetainedCheckpointsAreThere() {
        SimulatedJob job = setup.checkpoints(settings(3, true)).start("a", () -> new SlowCount(ledger, 4_000));
        setup.finish(job);
        setup.pass(1_000);

        List<Long> logged = setup.log().completed().stream()
                .map(entry -> ((LogRecord.Completed) entry.record()).checkpointId())
                .toList();
        assertThat(logged).hasSize(3);
        assertThat(objects().stream()
                        .map(ObjectStore.Listed::key)
                        .filter(key -> key.contains("/manifest-"))
                        .map(key -> Long.parseLong(key.split("/")[4]))
                        .toList())
                .isEqualTo(logged);
    }

    @Test
    void cancelKeepsTheCheckpointsIfToldSo() {
        SimulatedJob job = start(settings(2, true), "a");
        setup.runToCheckpoint(job, 5);
        job.job().cancel();

        assertThat(setup.end(job).phase()).isEqualTo(JobStatus.Phase.CANCELED);

        assertThat(objects()).anyMatch(object -> object.key().contains("/manifest-"));
        assertThat(setup.log().ended()).get().extracting(LogRecord.End::reason).isEqualTo(LogRecord.Reason.CANCELED);
        SimulatedJob again = setup.checkpoints(settings(2, true)).start("b", () -> new SlowCount(ledger, 20_000));
        setup.finish(again);
        SavepointJobTest.assertExact(ledger, 20_000);
    }

    @Test
    void cancelRemovesThemIfToldSoButNoSavepoint() {
        SimulatedJob job = start(settings(2, false), "a");
        setup.runToCheckpoint(job, 5);
        job.job().savepoint("kept");
        assertThat(setup.world()
                        .runUntil(
                                () -> objects().stream()
                                        .anyMatch(object -> object.key().endsWith("savepoints/kept/manifest")),
                                JobSetup.MINUTE_NS))
                .isTrue();
        setup.pass(20);
        job.job().cancel();

        assertThat(setup.end(job).phase()).isEqualTo(JobStatus.Phase.CANCELED);

        assertThat(objects().stream().map(ObjectStore.Listed::key))
                .noneMatch(key -> key.contains("/checkpoints/") || key.contains("/runs/"))
                .anyMatch(key -> key.endsWith("savepoints/kept/manifest"));
    }

    @Test
    void cancelWaitsForCommitsThatAreUnderWay() {
        SimulatedJob job = setup.checkpoints(settings(2, true)).start("a", env -> () -> new SlowCount(ledger, 20_000));
        boolean[] slow = new boolean[1];
        int[] inside = new int[1];
        ledger.committing = transaction -> {
            inside[0]++;
            try {
                if (slow[0]) {
                    job.process().env().blocking().pause(500);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                inside[0]--;
            }
        };
        setup.runToCheckpoint(job, 3);
        slow[0] = true;
        assertThat(setup.world().runUntil(() -> inside[0] > 0, JobSetup.MINUTE_NS))
                .isTrue();
        job.job().cancel();

        setup.end(job);

        assertThat(inside[0])
                .as("commits under way when the job says it is over")
                .isZero();
        assertThat(setup.log().needsCommit()).as("decided and not committed").isEmpty();
    }

    @Test
    void cancelRemovesNothingWhileOutputIsDecidedAndNotVisible() {
        SimulatedJob job = start(settings(2, false), "a");
        setup.runToCheckpoint(job, 3);
        ledger.committing = transaction -> {
            throw new IllegalStateException("the target is away");
        };
        setup.runToCheckpoint(job, 4);
        job.job().cancel();

        assertThat(setup.end(job).phase()).isEqualTo(JobStatus.Phase.CANCELED);
        assertThat(setup.log().needsCommit()).as("decided and not committed").isNotEmpty();

        ledger.committing = transaction -> {};
        setup.finish(setup.checkpoints(settings(2, false)).start("b", () -> new SlowCount(ledger, 20_000)));
        SavepointJobTest.assertExact(ledger, 20_000);
    }

    private SimulatedJob start(CheckpointSettings checkpoints, String name) {
        return setup.checkpoints(checkpoints).start(name, () -> new SlowCount(ledger, 20_000));
    }

    private List<ObjectStore.Listed> objects() {
        return setup.bucket().list("test/", null, 1_000);
    }

    private static CheckpointSettings settings(int retained, boolean retainOnCancel) {
        return new CheckpointSettings(
                Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ZERO, 1, 3, retained, retainOnCancel, false);
    }
}
