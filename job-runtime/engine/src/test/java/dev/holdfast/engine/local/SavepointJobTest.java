package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.local.CountJob.Count;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Savepoints of whole jobs, and starts from what a person chose. */
class SavepointJobTest {
    private static final long RECORDS = 4_000;

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(3).checkpoints(JobSetup.every(20));

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void aSavepointDoesNotDisturbTheJob() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 2);
        job.job().savepoint("mine");

        setup.finish(job);

        assertThat(setup.store().list(SimulatedJob.ROOT.prefix() + "savepoints/mine/manifest", null, 1))
                .hasSize(1);
        assertExact(ledger, RECORDS);
    }

    @Test
    void aStopWithSavepointCommitsAllUpToItAndNothingBehindIt() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 2);
        job.job().stopWithSavepoint("stop");

        JobStatus status = setup.end(job);

        assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.SUSPENDED);
        List<Count> stopped = List.copyOf(ledger.visible());
        assertThat(stopped).isNotEmpty().hasSizeLessThan((int) RECORDS);
        setup.pass(1_000);
        assertThat(ledger.visible()).isEqualTo(stopped);
        SimulatedJob again = startIt("b", setup.restore(new RestoreRequest.Savepoint("stop")));
        setup.finish(again);
        assertExact(ledger, RECORDS);
    }

    @Test
    void aStoppedJobGoesOnFromWhereItStoppedWhenNobodySaysFromWhere() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 2);
        job.job().stopWithSavepoint("stop");
        setup.end(job);

        setup.finish(startIt("b", setup.parallelism(3)));

        assertExact(ledger, RECORDS);
    }

    @Test
    void aCopyOfAJobFromItsSavepointLeavesTheOriginalsTransactionsAlone() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 2);
        // Decided, but the sink's outside world is gone for a while: the transactions stay open.
        ledger.committing = transaction -> {
            throw new IllegalStateException("the outside world is away");
        };
        job.job().savepoint("seed");
        assertThat(setup.world().runUntil(() -> hasSavepoint("seed"), JobSetup.MINUTE_NS))
                .isTrue();
        job.process().kill();
        ledger.committing = transaction -> assertThat(transaction.job())
                .as("%s belongs to the original", transaction)
                .isEqualTo("test/copy/1");
        List<Count> before = List.copyOf(ledger.visible());
        int preparedBefore = ledger.prepared.size();
        assertThat(preparedBefore).isPositive();

        JobSetup copy = setup.as(new JobRoot("test", "copy", "1"))
                .parallelism(3)
                .restore(new RestoreRequest.Savepoint("test/job/1/savepoints/seed"));
        setup.finish(startIt("copy", copy));

        List<Count> own = ledger.committed.entrySet().stream()
                .filter(entry -> entry.getKey().job().equals("test/copy/1"))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        assertThat(ledger.prepared.keySet())
                .as("open transactions of the original")
                .hasSize(preparedBefore);
        // What the original committed or prepared up to the savepoint, and what the copy did, is the whole.
        ledger.committing = transaction -> {};
        setup.finish(startIt("b", setup));
        List<Count> original = ledger.committed.entrySet().stream()
                .filter(entry -> entry.getKey().job().equals("test/job/1"))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        assertThat(LocalJobTest.sorted(original)).isEqualTo(LocalJobTest.sorted(LocalJobTest.reference(RECORDS)));
        assertThat(LocalJobTest.reference(RECORDS)).containsAll(own);
        assertThat(own).doesNotHaveDuplicates().doesNotContainAnyElementsOf(before);
    }

    @Test
    void aTakenNameIsRefusedAndTheJobGoesOn() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 1);
        job.job().savepoint("taken");
        assertThat(setup.world().runUntil(() -> hasSavepoint("taken"), JobSetup.MINUTE_NS))
                .isTrue();
        job.job().stopWithSavepoint("taken");
        assertThat(setup.world().runUntil(() -> job.job().status().message().contains("taken"), JobSetup.MINUTE_NS))
                .as("%s", setup.world().trace())
                .isTrue();

        assertThat(job.job().status().message())
                .contains("stop with savepoint taken failed, the job goes on")
                .contains("HF-CKP-010");
        setup.finish(job);
        assertExact(ledger, RECORDS);
    }

    @Test
    void aNameThatCannotBePartOfAKeyIsRefusedAndTheJobGoesOn() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 1);
        job.job().stopWithSavepoint("../up");

        setup.finish(job);

        assertThat(String.join("\n", setup.world().trace())).contains("'../up' cannot be part of a key");
        assertExact(ledger, RECORDS);
    }

    @Test
    void aSavepointThatIsNotThereIsNamed() {
        JobStatus status = setup.end(startIt("a", setup.restore(new RestoreRequest.Savepoint("nowhere"))));

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message()).contains("HF-CKP-009").contains("test/job/1/savepoints/nowhere/");
    }

    @Test
    void startsFromAnOlderCheckpointByItsNumber() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 4);
        setup.pass(3);
        job.process().kill();
        setup.pass(100);
        List<Long> retained = setup.log().completed().stream()
                .map(entry -> ((LogRecord.Completed) entry.record()).checkpointId())
                .toList();
        assertThat(retained).hasSizeGreaterThan(1);
        List<Count> shown = List.copyOf(ledger.visible());

        SimulatedJob older = startIt("b", setup.restore(new RestoreRequest.Checkpoint(retained.getFirst())));
        setup.finish(older);

        assertThat(older.job().status().restoredCheckpoint()).isEqualTo(retained.getFirst());
        // What was shown after that checkpoint is shown again; beside that all is there once.
        assertThat(ledger.visible()).containsAll(LocalJobTest.reference(RECORDS));
        assertThat(ledger.visible().size() - RECORDS).isBetween(1L, (long) shown.size());
    }

    @Test
    void aCheckpointThatIsNotRetainedIsNamedWithThoseThatAre() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 4);
        job.process().kill();

        JobStatus status = setup.end(startIt("b", setup.restore(new RestoreRequest.Checkpoint(99))));

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message())
                .contains("HF-CKP-008")
                .contains("job test/job/1 has no checkpoint 99")
                .contains("Retained are: [");
        setup.finish(startIt("c", setup));
        assertExact(ledger, RECORDS);
    }

    @Test
    void aJobStartedFromNothingForgetsWhatWasThere() {
        SimulatedJob job = startIt("a", setup);
        setup.runToCheckpoint(job, 4);
        job.process().kill();
        ledger.committed.clear();

        setup.finish(startIt("b", setup.restore(new RestoreRequest.Nothing())));

        // The transactions that the log had decided are committed all the same.
        ledger.committed.keySet().removeIf(transaction -> transaction.attempt() < 2_000_000);
        assertExact(ledger, RECORDS);
    }

    private boolean hasSavepoint(String name) {
        return setup.log().entries().stream()
                .anyMatch(entry -> entry.record() instanceof LogRecord.Savepoint saved
                        && saved.savepoint().equals(name));
    }

    private SimulatedJob startIt(String name, JobSetup with) {
        return with.start(name, () -> new SlowCount(ledger, RECORDS));
    }

    static void assertExact(LedgerSink.Ledger<Count> ledger, long records) {
        assertThat(LocalJobTest.sorted(ledger.visible()))
                .isEqualTo(LocalJobTest.sorted(LocalJobTest.reference(records)));
        assertThat(ledger.prepared).as("left-overs").isEmpty();
    }
}
