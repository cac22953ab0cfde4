package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.local.CountJob.Count;
import dev.holdfast.engine.protocol.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * User code, sources and sinks that do not return, at each place where they are called. A supervisor starts the process again
 * where it says that it cannot go on; nobody else does anything.
 */
class HangTest {
    private static final long RECORDS = 2_000;
    private static final long FOR_EVER_MS = Duration.ofDays(300).toMillis();
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofMillis(4_000),
            Duration.ofMillis(3_000),
            Duration.ofMillis(2_500),
            Duration.ofMillis(3_200),
            Duration.ofMillis(3_400),
            Duration.ofMillis(3_600),
            Duration.ofMillis(5_000));

    /** Each deadline once, and what the rest of the job takes. */
    private static final long LIMIT_NS = 20_000_000_000L;

    /**
     * Where it hangs.
     *
     * @param waiting what the status says while it hangs
     * @param code of the failure at the deadline
     * @param ends whether the process must end: what keeps a thread or a sink cannot be left behind
     */
    private record Place(String name, String waiting, String code, boolean ends) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Place> PLACES = List.of(
            new Place("committer", "of sink 'counts', making its committer", "HF-SNK-003", true),
            new Place("recover", "of sink 'counts' in recover", "HF-SNK-003", true),
            new Place("open", "task count/", "HF-RUN-014", true),
            new Place("writer", "task count/", "HF-RUN-014", true),
            new Place("process", "task count/", "HF-RUN-014", true),
            new Place("map", "task numbers/", "HF-RUN-014", true),
            new Place("write", "task count/", "HF-RUN-014", true),
            new Place("beforeCheckpoint", "task count/", "HF-RUN-014", true),
            new Place("checkpointCompleted", "task count/", "HF-RUN-014", true),
            new Place("finish", "task count/", "HF-RUN-014", true),
            new Place("reader", "task numbers/", "HF-RUN-014", true),
            new Place("read", "task numbers/", "HF-RUN-014", true),
            new Place("reader snapshot", "task numbers/", "HF-RUN-014", true),
            new Place("prepare", "task count/", "HF-RUN-014", true),
            new Place("prepare call", "in a prepare of sink 'counts'", "HF-SNK-004", true),
            new Place("commit", "in a commit of sink 'counts'", "HF-SNK-003", true),
            new Place("commit answer", "in a commit of sink 'counts'", "HF-SNK-003", true),
            new Place("enumerator", "the enumerator of source 'numbers' in start", "HF-RUN-015", true),
            new Place("enumerator start", "the enumerator of source 'numbers' in start", "HF-RUN-015", true),
            new Place("splitRequested", "the enumerator of source 'numbers' in splitRequested", "HF-RUN-015", true),
            new Place("enumerator snapshot", "the enumerator of source 'numbers' in snapshot", "HF-RUN-015", true));

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final Trouble trouble = new Trouble();

    @TestFactory
    List<DynamicTest> aCallThatNeverReturnsIsNamedAndTheJobGoesOnInTheNextProcess() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Place place : PLACES) {
            tests.add(DynamicTest.dynamicTest(place.name(), () -> new HangTest().hangs(place)));
        }
        return tests;
    }

    private void hangs(Place place) {
        JobSetup setup = setup();
        trouble.hang(place.name(), FOR_EVER_MS);
        SimulatedJob first = start("a", setup);
        assertThat(setup.world().runUntil(first::isOver, LIMIT_NS))
                .as("%s: %s", place, setup.world().trace())
                .isTrue();
        assertThat(trouble.isHangPlanned(place.name())).as("it came").isFalse();
        JobStatus status = first.job().status();
        String said = String.join("\n", setup.world().trace());
        assertThat(status.phase()).as("%s: %s", status, said).isEqualTo(JobStatus.Phase.INTERRUPTED);
        assertThat(said).containsPattern("waiting for [^\n]*" + Pattern.quote(place.waiting()) + "[^\n]* since \\d+ s");
        assertThat(said).contains(place.code());
        assertThat(status.message()).contains("HF-RUN-01", "Start the job again");
        first.process().kill();

        setup.finish(start("b", setup));

        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    @TestFactory
    List<DynamicTest> aCallThatReturnsLateButBeforeTheEndIsOverdueCostsOneRestart() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String place : List.of("recover", "process", "prepare call", "commit", "open")) {
            tests.add(DynamicTest.dynamicTest(place, () -> new HangTest().returnsLate(place)));
        }
        return tests;
    }

    private void returnsLate(String place) {
        JobSetup setup = setup();
        trouble.hang(place, 4_500);
        SimulatedJob job = start("a", setup);

        setup.finish(job);

        assertThat(job.job().status().restarts()).isEqualTo(1);
        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    @TestFactory
    List<DynamicTest> aCloseThatNeverReturnsDoesNotKeepAFinishedJob() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String place : List.of("close", "reader close", "writer close")) {
            tests.add(DynamicTest.dynamicTest(place, () -> {
                HangTest own = new HangTest();
                JobSetup setup = setup();
                own.trouble.hang(place, FOR_EVER_MS);
                SimulatedJob job = own.start("a", setup);

                setup.finish(job);

                assertThat(job.job().status().message())
                        .contains("all input is processed", "HF-RUN-013", "did not end in time", " in close");
                SavepointJobTest.assertExact(own.ledger, RECORDS);
                assertThat(setup.log().ended()).isPresent();
                setup.world().end();
            }));
        }
        return tests;
    }

    @Test
    void aCloseThatNeverReturnsAfterAFailureEndsTheProcess() {
        JobSetup setup = setup();
        trouble.plan("process", 1).hang("close", FOR_EVER_MS);
        SimulatedJob first = start("a", setup);
        assertThat(setup.world().runUntil(first::isOver, LIMIT_NS)).isTrue();
        assertThat(first.job().status().phase()).isEqualTo(JobStatus.Phase.INTERRUPTED);
        assertThat(first.job().status().message()).contains("HF-RUN-013", "slot ", "in close");
        assertThat(setup.log().ended()).as("the job is not over").isEmpty();
        first.process().kill();

        setup.finish(start("b", setup));

        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    @Test
    void aJobThatIsCanceledWhileACallHangsIsCanceledInItsLog() {
        JobSetup setup = setup();
        trouble.hang("process", FOR_EVER_MS);
        SimulatedJob job = start("a", setup);
        assertThat(setup.world().runUntil(() -> !trouble.isHangPlanned("process"), LIMIT_NS))
                .isTrue();
        job.job().cancel();
        job.job().cancel();

        JobStatus status = setup.end(job);

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.CANCELED);
        assertThat(status.message()).contains("canceled", "HF-RUN-013", "task count/1");
        assertThat(setup.log().ended().map(LogRecord.End::reason)).contains(LogRecord.Reason.CANCELED);
        setup.world().end();
    }

    @Test
    void aJobThatMayNotRestartFailsWithTheDeadlineThatPassed() {
        JobSetup setup = setup().restart(new RestartStrategy.None());
        trouble.hang("prepare call", FOR_EVER_MS);

        JobStatus status = setup.end(start("a", setup));

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message())
                .contains("HF-SNK-004", "in a prepare of sink 'counts' has not returned for 3", "HF-RUN-013");
        setup.world().end();
    }

    @Test
    void aDeploymentThatTakesTooLongFailsTheAttemptAndSaysWhatItWaitsFor() {
        JobSetup setup = setup();
        // The program is described once by the coordinator; the worker's and the slots' own runs come after.
        SimulatedJob job = start("a", setup);
        trouble.hang("define", FOR_EVER_MS);
        assertThat(setup.world().runUntil(job::isOver, LIMIT_NS))
                .as("%s", setup.world().trace())
                .isTrue();
        JobStatus status = job.job().status();
        assertThat(status.phase()).isEqualTo(JobStatus.Phase.INTERRUPTED);
        assertThat(String.join("\n", setup.world().trace()))
                .contains("HF-RUN-012: the job is not deployed after 4000 ms (task.deploy-timeout): waiting for")
                .contains("the program's own description since ");
        job.process().kill();

        setup.finish(start("b", setup));

        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    @Test
    void aCommitThatHangsAgainWhereItIsRepeatedIsRepeatedOnceMore() {
        JobSetup setup = setup();
        for (String name : List.of("a", "b")) {
            trouble.hang("commit", FOR_EVER_MS);
            SimulatedJob job = start(name, setup);
            assertThat(setup.world().runUntil(job::isOver, LIMIT_NS)).isTrue();
            assertThat(job.job().status().phase()).isEqualTo(JobStatus.Phase.INTERRUPTED);
            job.process().kill();
        }
        assertThat(String.join("\n", setup.world().trace()))
                .contains("b DEPLOYING waiting for slot ", "of sink 'counts' in a commit since 2 s");

        setup.finish(start("c", setup));

        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    @Test
    void aSavepointWhoseCopyTakesTooLongFailsAndTheJobGoesOn() {
        JobSetup plain = setup();
        Env[] process = new Env[1];
        SlowWrites slow = new SlowWrites(plain.bucket(), "savepoints/late/data/", 8_000, () -> process[0]);
        JobSetup setup = plain.through(slow);
        SimulatedJob job = setup.start("a", env -> {
            process[0] = env;
            return () -> new SlowCount(ledger, 60_000);
        });
        setup.runToCheckpoint(job, 2);
        job.job().stopWithSavepoint("late");
        assertThat(setup.world()
                        .runUntil(
                                () -> job.job().status().message().contains("stop with savepoint late failed"),
                                LIMIT_NS))
                .as("%s", setup.world().trace())
                .isTrue();

        assertThat(job.job().status().message())
                .contains(
                        "the job goes on: HF-CKP-014: savepoint late is not copied after 5000 ms (savepoint.timeout)");
        assertThat(String.join("\n", setup.world().trace()))
                .contains("a RUNNING waiting for the copy of savepoint late since 3 s");
        setup.finish(job);
        SavepointJobTest.assertExact(ledger, 60_000);
        assertThat(setup.bucket().get(SimulatedJob.ROOT.key("savepoints/late/manifest")))
                .as("what was given up is not finished")
                .isNull();
        setup.world().end();
    }

    /** What comes back long after everybody gave it up, in a process that was not ended, changes nothing. */
    @TestFactory
    List<DynamicTest> aCallThatComesBackBesideTheNextProcessDoesNoHarm() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String place : List.of("process", "commit", "enumerator snapshot", "splitRequested", "open")) {
            tests.add(DynamicTest.dynamicTest(place, () -> new HangTest().comesBack(place)));
        }
        return tests;
    }

    private void comesBack(String place) {
        JobSetup setup = setup();
        trouble.hang(place, 9_000);
        SimulatedJob first = start("a", setup);
        assertThat(setup.world().runUntil(first::isOver, LIMIT_NS)).isTrue();
        assertThat(first.job().status().phase()).isEqualTo(JobStatus.Phase.INTERRUPTED);

        setup.finish(start("b", setup));
        setup.pass(10_000);

        assertThat(first.job().status().phase()).isEqualTo(JobStatus.Phase.INTERRUPTED);
        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    private static JobSetup setup() {
        JobSetup setup = JobSetup.of(9).checkpoints(JobSetup.every(20)).timeouts(TIMEOUTS);
        setup.world().letTurnsWait();
        return setup;
    }

    private SimulatedJob start(String name, JobSetup with) {
        return with.start(name, env -> {
            trouble.within(env);
            return () -> new TroubledJob(ledger, RECORDS, trouble);
        });
    }
}
