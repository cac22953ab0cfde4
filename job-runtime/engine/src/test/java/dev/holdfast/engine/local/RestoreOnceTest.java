package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.checkpoint.RestoredFrom;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.local.CountJob.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A request to start from something, given to each start of a process that something starts again. A job fills a bucket with
 * savepoints; a copy of it starts from them.
 */
class RestoreOnceTest {
    private static final long RECORDS = 6_000;
    private static final JobRoot COPY = new JobRoot("test", "copy", "1");
    private static final RestoreRequest FROM_EARLY = new RestoreRequest.Savepoint("test/job/1/savepoints/early");
    private static final RestoredFrom FROM_EARLY_LOCATION = new RestoredFrom.Savepoint("test/job/1/savepoints/early/");
    private static final RestoredFrom FROM_LATE_LOCATION = new RestoredFrom.Savepoint("test/job/1/savepoints/late/");
    private static final RestoreRequest FROM_LATE = new RestoreRequest.Savepoint("test/job/1/savepoints/late");

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(5).checkpoints(JobSetup.every(20));
    private final JobSetup copy = setup.as(COPY).restore(FROM_EARLY);
    private long early;

    @BeforeEach
    void savepoints() {
        SimulatedJob original = start("original", setup, ledger);
        setup.runToCheckpoint(original, 2);
        early = savepoint(original, "early");
        setup.runToCheckpoint(original, 8);
        savepoint(original, "late");
        original.process().kill();
        setup.pass(100);
    }

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void aCrashAfterACheckpointGoesOnFromItAndShowsNothingTwice() {
        SimulatedJob first = start("a", copy, ledger);
        copy.runToCheckpoint(first, 3);
        first.process().kill();

        SimulatedJob again = start("b", copy, ledger);
        copy.finish(again);

        assertThat(first.job().status().restoredCheckpoint()).isEqualTo(early);
        assertThat(again.job().status().restoredCheckpoint()).isEqualTo(3);
        assertThat(String.join("\n", setup.world().trace()))
                .contains(
                        "b WAITING the request to start from savepoint test/job/1/savepoints/early/ was honoured by an"
                                + " earlier start");
        assertOnceSince(early);
    }

    @Test
    void aCrashAtAnyMomentShowsNothingTwice() {
        FaultyObjectStore alone = new FaultyObjectStore(setup.bucket(), FaultPlan.none());
        long operations = 0;
        JobRoot root = new JobRoot("test", "measure", "1");
        LedgerSink.Ledger<Count> measured = new LedgerSink.Ledger<>();
        SimulatedJob job = start("measure", copy.as(root).through(alone), measured);
        copy.as(root).runToCheckpoint(job, 2);
        job.process().kill();
        operations = alone.operations();
        assertThat(operations).isGreaterThan(30);
        for (long at = 1; at <= operations; at += 2) {
            crashAt(at);
        }
    }

    private void crashAt(long at) {
        JobSetup own = copy.as(new JobRoot("test", "copy", "at-" + at));
        LedgerSink.Ledger<Count> shown = new LedgerSink.Ledger<>();
        FaultyObjectStore counted = new FaultyObjectStore(setup.bucket(), FaultPlan.none());
        SimulatedJob first = start("a" + at, own.through(counted), shown);
        assertThat(setup.world().runUntil(() -> counted.operations() >= at, JobSetup.MINUTE_NS))
                .isTrue();
        boolean completed = first.job().status().completedCheckpoints() > 0;
        first.process().kill();
        setup.pass(100);

        SimulatedJob again = start("b" + at, own, shown);
        assertThat(restored(own, again))
                .as("killed at operation %s", at)
                .isInstanceOf(completed ? RestoredFrom.Checkpoint.class : RestoredFrom.class);
        own.finish(again);

        assertOnceSince(shown, early, "killed at operation " + at);
    }

    @Test
    void ofTwoProcessesWithOneRequestOneHistoryComes() {
        for (long at = 2; at < 60; at += 3) {
            JobSetup own = copy.as(new JobRoot("test", "copy", "race-" + at));
            LedgerSink.Ledger<Count> shown = new LedgerSink.Ledger<>();
            FaultyObjectStore counted = new FaultyObjectStore(setup.bucket(), FaultPlan.none());
            long frozenAt = at;
            SimulatedJob first = start("first" + at, own.through(counted), shown);
            setup.world().runUntil(() -> counted.operations() >= frozenAt || first.isOver(), JobSetup.MINUTE_NS);
            first.process().freeze();
            SimulatedJob second = start("second" + at, own, shown);
            setup.world()
                    .runUntil(
                            () -> second.isOver() || second.job().status().completedCheckpoints() > 0,
                            JobSetup.MINUTE_NS);
            first.process().wake();
            assertThat(setup.world().runUntil(() -> first.isOver() && second.isOver(), JobSetup.MINUTE_NS))
                    .as("%s, %s", first.job().status(), second.job().status())
                    .isTrue();

            assertThat(List.of(
                            first.job().status().phase(), second.job().status().phase()))
                    .as("frozen at %s", at)
                    .contains(JobStatus.Phase.FINISHED);
            assertOnceSince(shown, early, "frozen at operation " + at);
        }
    }

    @Test
    void aDifferentRequestIsHonouredAndThenTheFirstOneAgain() {
        assertThat(runAndKill("a", copy)).isEqualTo(FROM_EARLY_LOCATION);
        assertThat(runAndKill("b", copy.restore(FROM_LATE))).isEqualTo(FROM_LATE_LOCATION);
        assertThat(runAndKill("c", copy.restore(FROM_LATE))).isInstanceOf(RestoredFrom.Checkpoint.class);
        assertThat(runAndKill("d", copy)).isEqualTo(FROM_EARLY_LOCATION);
    }

    @Test
    void anotherNonceMakesTheSameRequestCountOnceMore() {
        assertThat(runAndKill("a", copy)).isEqualTo(FROM_EARLY_LOCATION);
        assertThat(runAndKill("b", copy.restoreNonce("2"))).isEqualTo(FROM_EARLY_LOCATION);
        assertThat(runAndKill("c", copy.restoreNonce("2"))).isInstanceOf(RestoredFrom.Checkpoint.class);
    }

    @Test
    void oneNameAndTheLocationOfASavepointAreOneRequest() {
        JobSetup named = setup.restore(new RestoreRequest.Savepoint("early"));
        assertThat(runAndKill("a", named)).isEqualTo(FROM_EARLY_LOCATION);

        assertThat(runAndKill("b", setup.restore(FROM_EARLY))).isInstanceOf(RestoredFrom.Checkpoint.class);
    }

    @Test
    void aRequestIsRememberedWhenTheBeginThatHonouredItWasCollected() {
        killWhenItsBeginIsCollected(start("a", copy, ledger), copy);
        // A start that asks for nothing carries it on, also over another collection.
        killWhenItsBeginIsCollected(start("b", copy.restore(new RestoreRequest.Latest()), ledger), copy);
        long newest = copy.log().nextCheckpointId() - 1;

        SimulatedJob third = start("c", copy, ledger);
        copy.finish(third);

        assertThat(third.job().status().restoredCheckpoint()).isEqualTo(newest);
        assertOnceSince(early);
    }

    @Test
    void aCheckpointThatWasAskedForAndIsCollectedSinceIsNotMissed() {
        long chosen = newestOf(setup);
        JobSetup from = setup.checkpoints(JobSetup.every(60)).restore(new RestoreRequest.Checkpoint(chosen));
        killWhenItsBeginIsCollected(start("a", from, ledger), from);
        assertThat(setup.log().completed(chosen)).as("collected").isEmpty();

        SimulatedJob again = start("b", from, ledger);
        from.finish(again);

        assertThat(again.job().status().restoredCheckpoint()).isGreaterThan(chosen);
    }

    @Test
    void aFinishedJobRunsOnceMoreWithoutItsStateAndNotAgain() {
        JobSetup fresh = copy.restore(new RestoreRequest.Latest());
        fresh.finish(start("a", fresh, ledger));
        JobSetup anew = copy.restore(new RestoreRequest.Nothing());
        LedgerSink.Ledger<Count> second = new LedgerSink.Ledger<>();
        anew.finish(start("b", anew, second));

        JobStatus third = anew.end(start("c", anew, second));

        assertThat(third.message()).isEqualTo("the job had finished before");
        SavepointJobTest.assertExact(second, RECORDS);
    }

    @Test
    void whereEverythingWasDeletedByACancelTheSameRequestCountsAgain() {
        JobSetup deleting = copy.checkpoints(new CheckpointSettings(
                Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 2, false, false));
        SimulatedJob first = start("a", deleting, ledger);
        deleting.runToCheckpoint(first, 3);
        first.job().cancel();
        assertThat(deleting.end(first).phase()).isEqualTo(JobStatus.Phase.CANCELED);
        assertThat(copy.log().completed()).isEmpty();

        assertThat(runAndKill("b", deleting)).isEqualTo(FROM_EARLY_LOCATION);
    }

    /** Runs a job for two checkpoints, and says what it began from. */
    private RestoredFrom runAndKill(String name, JobSetup with) {
        SimulatedJob job = start(name, with, ledger);
        RestoredFrom from = restored(with, job);
        with.runToCheckpoint(job, 2);
        job.process().kill();
        setup.pass(100);
        return from;
    }

    /** What the Begin of a job says that it restored. */
    private RestoredFrom restored(JobSetup with, SimulatedJob job) {
        assertThat(setup.world().runUntil(() -> job.job().status().generation() > 0, JobSetup.MINUTE_NS))
                .as("%s", job.job().status())
                .isTrue();
        return ((LogRecord.Begin) with.log().lastBegin().orElseThrow().record()).restored();
    }

    private void killWhenItsBeginIsCollected(SimulatedJob job, JobSetup with) {
        with.runToCheckpoint(job, 4);
        for (int looks = 0; looks < 200 && hasBegin(with); looks++) {
            setup.pass(7);
        }
        assertThat(job.isOver()).as("%s", job.job().status()).isFalse();
        job.process().kill();
        setup.pass(100);
        assertThat(hasBegin(with)).as("%s", with.log().entries()).isFalse();
    }

    private static boolean hasBegin(JobSetup with) {
        return with.log().entries().stream().anyMatch(entry -> entry.record() instanceof LogRecord.Begin);
    }

    private static SimulatedJob start(String name, JobSetup with, LedgerSink.Ledger<Count> shown) {
        return with.start(name, () -> new SlowCount(shown, RECORDS));
    }

    private long newestOf(JobSetup with) {
        return ((LogRecord.Completed) with.log().completed().getLast().record()).checkpointId();
    }

    /** Takes one, and gives the number of its checkpoint. */
    private long savepoint(SimulatedJob job, String name) {
        job.job().savepoint(name);
        long[] id = new long[1];
        assertThat(setup.world()
                        .runUntil(
                                () -> {
                                    setup.log()
                                            .entries()
                                            .forEach(entry -> id[0] = entry.record()
                                                                    instanceof LogRecord.Savepoint saved
                                                            && saved.savepoint().equals(name)
                                                    ? saved.checkpointId()
                                                    : id[0]);
                                    return id[0] > 0;
                                },
                                JobSetup.MINUTE_NS))
                .isTrue();
        return id[0];
    }

    private void assertOnceSince(long savepoint) {
        assertOnceSince(ledger, savepoint, "the copy");
    }

    /** The copies showed each record behind the savepoint once. */
    private void assertOnceSince(LedgerSink.Ledger<Count> shown, long savepoint, String what) {
        List<Count> before = ledger.committed.entrySet().stream()
                .filter(entry -> entry.getKey().job().equals("test/job/1")
                        && entry.getKey().checkpoint() <= savepoint)
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        List<Count> behind = new ArrayList<>(LocalJobTest.reference(RECORDS));
        before.forEach(behind::remove);
        List<Count> own = shown.committed.entrySet().stream()
                .filter(entry -> entry.getKey().job().startsWith("test/copy/"))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        assertThat(LocalJobTest.sorted(own)).as(what).isEqualTo(LocalJobTest.sorted(behind));
    }
}
