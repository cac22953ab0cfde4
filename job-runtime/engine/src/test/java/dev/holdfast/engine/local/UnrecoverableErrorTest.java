package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.local.CountJob.Count;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** User code says that restarting cannot help: the job ends under a strategy that would restart it for ever. */
class UnrecoverableErrorTest {
    private static final long RECORDS = 2_000;
    private static final int FOR_EVER = 1_000_000;
    private static final RestartStrategy ENDLESS = new RestartStrategy.ExponentialDelay(
            Duration.ofMillis(1), Duration.ofMillis(10), 2, 0, Duration.ofHours(1));

    /** Each place where user code is called, and the code under which its error is known. */
    private static final Map<String, String> PLACES = Map.ofEntries(
            Map.entry("map", "HF-RUN-001"),
            Map.entry("flatMap", "HF-RUN-001"),
            Map.entry("filter", "HF-RUN-001"),
            Map.entry("key", "HF-RUN-001"),
            Map.entry("process", "HF-RUN-001"),
            Map.entry("open", "HF-RUN-001"),
            Map.entry("beforeCheckpoint", "HF-RUN-001"),
            Map.entry("checkpointCompleted", "HF-RUN-001"),
            Map.entry("finish", "HF-RUN-001"),
            Map.entry("reader", "HF-RUN-001"),
            Map.entry("addSplits", "HF-RUN-001"),
            Map.entry("read", "HF-RUN-001"),
            Map.entry("reader snapshot", "HF-RUN-001"),
            Map.entry("reader background", "HF-RUN-006"),
            Map.entry("reader background result", "HF-RUN-006"),
            Map.entry("enumerator", "HF-RUN-010"),
            Map.entry("enumerator start", "HF-RUN-010"),
            Map.entry("enumerator background", "HF-RUN-010"),
            Map.entry("splitRequested", "HF-RUN-010"),
            Map.entry("enumerator snapshot", "HF-RUN-010"),
            Map.entry("writer", "HF-RUN-001"),
            Map.entry("write", "HF-RUN-001"),
            Map.entry("prepare", "HF-RUN-001"),
            Map.entry("prepare call", "HF-SNK-002"),
            Map.entry("committer", "HF-RUN-001"),
            Map.entry("recover", "HF-RUN-001"),
            Map.entry("commit", "HF-SNK-001"),
            Map.entry("commit answer", "HF-SNK-001"));

    private static final Map<String, Function<String, RuntimeException>> KINDS = Map.of(
            "thrown as it is",
            UnrecoverableException::new,
            "with a code and a cause of its own",
            text -> new UnrecoverableException("APP-001", text, new IOException("no such row")),
            "as the cause of another error",
            text -> new UncheckedIOException(new IOException("wrapped", new UnrecoverableException(text))),
            "as the cause of an error with a code",
            text -> new HoldfastException("APP-002", "wrapped", new UnrecoverableException(text)));

    @TestFactory
    List<DynamicTest> endsTheJobAtOnceAndTheNextStartGoesOn() {
        List<DynamicTest> tests = new ArrayList<>();
        PLACES.forEach((place, code) ->
                KINDS.forEach((kind, error) -> tests.add(DynamicTest.dynamicTest(place + ", " + kind, () -> {
                    JobSetup setup =
                            JobSetup.of(1).checkpoints(JobSetup.every(20)).restart(ENDLESS);
                    LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
                    Trouble trouble = new Trouble().throwing(error).plan(place, FOR_EVER);

                    JobStatus status = setup.end(start(setup, "a", ledger, trouble));

                    assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
                    assertThat(status.restarts()).isZero();
                    assertThat(setup.log().ended())
                            .get()
                            .extracting(LogRecord.End::reason)
                            .isEqualTo(LogRecord.Reason.FAILED);
                    if (kind.equals("thrown as it is")) {
                        assertThat(status.message()).startsWith(code).contains("HF-RUN-016: planned in " + place);
                    }
                    // Somebody has mended the cause.
                    setup.finish(start(setup, "b", ledger, new Trouble()));
                    SavepointJobTest.assertExact(ledger, RECORDS);
                    setup.world().end();
                }))));
        return tests;
    }

    @Test
    void aCommitThatCanNeverSucceedIsTriedOnceAndNamesItsTransaction() {
        JobSetup setup = JobSetup.of(1).checkpoints(JobSetup.every(20)).restart(ENDLESS);
        Trouble trouble = new Trouble().throwing(UnrecoverableException::new).plan("commit", FOR_EVER);

        JobStatus status = setup.end(start(setup, "a", new LedgerSink.Ledger<>(), trouble));

        assertThat(status.message())
                .contains("sink 'counts' could not commit", "in 1 try;", "Transaction[", "planned in commit")
                .contains("its next start commits them")
                .doesNotContain("restarts");
        setup.world().end();
    }

    @Test
    void aCommitThatCanNeverSucceedEndsEachStartUntilItIsMended() {
        JobSetup setup = JobSetup.of(1).checkpoints(JobSetup.every(20)).restart(ENDLESS);
        LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
        Trouble trouble = new Trouble().throwing(UnrecoverableException::new).plan("commit", FOR_EVER);
        setup.end(start(setup, "a", ledger, trouble));

        for (String again : List.of("b", "c")) {
            JobStatus status = setup.end(start(setup, again, ledger, trouble));

            assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
            assertThat(status.message()).startsWith("HF-SNK-001").contains("planned in commit");
            assertThat(ledger.visible()).as("nothing is passed over").isEmpty();
        }
        setup.finish(start(setup, "d", ledger, new Trouble()));
        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    /** Who cancels waits for the commits that are decided; that one of them is impossible must not be hidden. */
    @Test
    void aCancelThatMeetsAnImpossibleCommitEndsAsFailed() {
        JobSetup setup = JobSetup.of(1).checkpoints(JobSetup.every(20)).restart(ENDLESS);
        LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
        boolean[] away = {true};
        boolean[] gone = {false};
        ledger.committing = transaction -> {
            if (gone[0]) {
                throw new UnrecoverableException("the table is gone");
            }
            if (away[0]) {
                throw new IllegalStateException("the database is away");
            }
        };
        SimulatedJob job = start(setup, "a", ledger, new Trouble());
        setup.runToCheckpoint(job, 1);
        job.job().cancel();
        gone[0] = true;

        JobStatus status = setup.end(job);

        assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message()).startsWith("HF-SNK-001").contains("the table is gone");
        gone[0] = false;
        away[0] = false;
        setup.finish(start(setup, "b", ledger, new Trouble()));
        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.world().end();
    }

    private static SimulatedJob start(JobSetup setup, String name, LedgerSink.Ledger<Count> ledger, Trouble trouble) {
        return setup.start(name, () -> new TroubledJob(ledger, RECORDS, trouble));
    }
}
