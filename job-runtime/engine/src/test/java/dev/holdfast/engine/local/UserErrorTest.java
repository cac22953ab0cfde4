package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.local.CountJob.Count;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Errors of user code, at each place where it is called. */
class UserErrorTest {
    private static final long RECORDS = 2_000;

    /** Where it throws, and what the text must hold. */
    private record Place(String name, String... text) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Place> PLACES = List.of(
            new Place("map", "HF-RUN-001", "operator 'map#1'", "task 0/", "position: number 1000"),
            new Place("flatMap", "HF-RUN-001", "operator 'flatMap#2'", "task 0/", "position: number 1000"),
            new Place("filter", "HF-RUN-001", "operator 'filter#3'", "task 0/", "position: number 1000"),
            new Place(
                    "key",
                    "HF-RUN-001",
                    "operator 'count': the key selector threw",
                    "task 0/",
                    "position: number 1000"),
            new Place("null key", "HF-RUN-001", "operator 'count': the key selector returned null", "number 1000"),
            new Place(
                    "process",
                    "HF-RUN-001",
                    "operator 'count' on a record with key 1 threw",
                    "task 1/",
                    "near record "),
            new Place("error", "HF-RUN-001", "operator 'count'", "java.lang.AssertionError", "task 1/", "near record "),
            new Place("null", "HF-RUN-001", "operator 'count' emitted null", "task 1/", "near record "),
            new Place("open", "HF-RUN-001", "operator 'count' in open threw", "task 1/"),
            new Place("beforeCheckpoint", "HF-RUN-001", "operator 'count' in beforeCheckpoint threw", "task 1/"),
            new Place("checkpointCompleted", "HF-RUN-001", "operator 'count' in checkpointCompleted threw", "task 1/"),
            new Place("finish", "HF-RUN-001", "operator 'count' in finish threw", "task 1/"),
            new Place("reader", "HF-RUN-001", "operator 'numbers' while its reader was made threw", "task 0/"),
            new Place("addSplits", "HF-RUN-001", "operator 'numbers' in addSplits threw", "task 0/"),
            new Place("read", "HF-RUN-001", "operator 'numbers' in read threw", "task 0/", "position: number "),
            new Place("reader snapshot", "HF-RUN-001", "operator 'numbers' in snapshot threw", "task 0/"),
            new Place("reader background", "HF-RUN-006", "operator 'numbers' failed to open the drawer", "task 0/"),
            new Place("reader background result", "HF-RUN-006", "operator 'numbers' threw after 'open the drawer'"),
            new Place("enumerator", "HF-RUN-010", "enumerator of source 'numbers' threw in start"),
            new Place("enumerator start", "HF-RUN-010", "enumerator of source 'numbers' threw in start"),
            new Place("enumerator error", "HF-RUN-010", "enumerator of source 'numbers'", "NoClassDefFoundError"),
            new Place("enumerator background", "HF-RUN-010", "enumerator of source 'numbers' failed to list the shelf"),
            new Place("splitRequested", "HF-RUN-010", "enumerator of source 'numbers' threw in splitRequested"),
            new Place("enumerator snapshot", "HF-RUN-010", "enumerator of source 'numbers' threw in snapshot"),
            new Place("writer", "HF-RUN-001", "operator 'counts' while its writer was made threw", "task 1/"),
            new Place("write", "HF-RUN-001", "operator 'counts' on a record threw", "task 1/", "near record "),
            new Place("prepare", "HF-RUN-001", "operator 'counts' in prepare threw", "task 1/"),
            new Place("prepare call", "HF-SNK-002", "prepare checkpoint 1 of sink 'counts' failed", "task 1/"),
            new Place("committer", "HF-RUN-001", "operator 'counts' while the committer of task "),
            new Place("recover", "HF-RUN-001", "operator 'counts' in recover of task "));

    @TestFactory
    List<DynamicTest> endsTheJobWithATextThatSaysWhere() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Place place : PLACES) {
            tests.add(DynamicTest.dynamicTest(place.name(), () -> {
                JobSetup setup = JobSetup.of(1).checkpoints(JobSetup.every(20)).restart(new RestartStrategy.None());
                Trouble trouble = new Trouble().plan(place.name(), 1);

                JobStatus status = setup.end(start(setup, "a", new LedgerSink.Ledger<>(), trouble));

                assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
                assertThat(status.message())
                        .contains("planned".repeat(place.name().startsWith("null") ? 0 : 1));
                assertThat(status.message()).contains(place.text()).contains("restart strategy none");
                setup.world().end();
            }));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> whatFailsOnceAndWorksThenEndsWithTheExactOutput() {
        List<DynamicTest> tests = new ArrayList<>();
        List<String> places = new ArrayList<>(PLACES.stream().map(Place::name).toList());
        places.addAll(List.of("commit", "commit answer"));
        for (String place : places) {
            tests.add(DynamicTest.dynamicTest(place, () -> {
                JobSetup setup = JobSetup.of(1).checkpoints(JobSetup.every(20));
                LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
                Trouble trouble = new Trouble().plan(place, 1);

                SimulatedJob job = start(setup, "a", ledger, trouble);
                setup.finish(job);

                assertThat(trouble.isPlanned(place)).as("it came").isFalse();
                assertThat(job.job().status().restarts())
                        .isEqualTo(place.startsWith("commit") && !place.equals("committer") ? 0 : 1);
                SavepointJobTest.assertExact(ledger, RECORDS);
                setup.world().end();
            }));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> anErrorWhileClosingChangesNothing() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String place : List.of("close", "reader close", "writer close")) {
            tests.add(DynamicTest.dynamicTest(place, () -> {
                JobSetup setup = JobSetup.of(1).checkpoints(JobSetup.every(20));
                LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
                Trouble trouble = new Trouble().plan(place, 1);

                SimulatedJob job = start(setup, "a", ledger, trouble);
                setup.finish(job);

                assertThat(trouble.isPlanned(place)).as("it came").isFalse();
                SavepointJobTest.assertExact(ledger, RECORDS);
                setup.world().end();
            }));
        }
        return tests;
    }

    @Test
    void aCommitThatNeverWorksFailsTheAttemptAndNamesTheTransaction() {
        JobSetup setup = JobSetup.of(1).checkpoints(JobSetup.every(20)).restart(new RestartStrategy.None());
        LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
        Trouble trouble = new Trouble().plan("commit", 1_000);

        JobStatus status = setup.end(start(setup, "a", ledger, trouble));

        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message())
                .contains(
                        "HF-SNK-001",
                        "sink 'counts' could not commit",
                        "in 8 tries",
                        "Transaction[",
                        "planned in commit");
        // The decision stands: whoever starts next commits it.
        setup.finish(start(setup.restart(new RestartStrategy.None()), "b", ledger, new Trouble()));
        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    private static SimulatedJob start(JobSetup setup, String name, LedgerSink.Ledger<Count> ledger, Trouble trouble) {
        return setup.start(name, () -> new TroubledJob(ledger, RECORDS, trouble));
    }
}
