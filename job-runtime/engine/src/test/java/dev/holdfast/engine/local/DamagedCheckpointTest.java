package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.local.CountJob.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a start makes of a newest checkpoint that is not what was written. */
class DamagedCheckpointTest {
    private static final long RECORDS = 3_000;
    private static final CheckpointSettings STRICT =
            new CheckpointSettings(Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 3, true, false);
    private static final CheckpointSettings LENIENT =
            new CheckpointSettings(Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 3, true, true);

    private enum Part {
        MANIFEST,
        PACK,
        RUN
    }

    private enum Damage {
        MISSING {
            @Override
            void to(JobSetup setup, String key) {
                setup.bucket().delete(List.of(key));
            }
        },
        TRUNCATED {
            @Override
            void to(JobSetup setup, String key) {
                byte[] bytes = Objects.requireNonNull(setup.bucket().get(key));
                setup.bucket().put(key, Content.of(Arrays.copyOf(bytes, bytes.length / 2)));
            }
        },
        FLIPPED {
            @Override
            void to(JobSetup setup, String key) {
                byte[] bytes = Objects.requireNonNull(setup.bucket().get(key)).clone();
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] ^= 0x10;
                }
                setup.bucket().put(key, Content.of(bytes));
            }
        };

        abstract void to(JobSetup setup, String key);
    }

    @TestFactory
    List<DynamicTest> stopsAndNamesTheObject() {
        return each((part, damage) -> {
            Stopped stopped = stopped(part);
            byte[] good = Objects.requireNonNull(stopped.setup.bucket().get(stopped.key))
                    .clone();
            damage.to(stopped.setup, stopped.key);

            JobStatus status = stopped.setup.end(stopped.start("b", STRICT));

            assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
            assertThat(status.message()).contains(stopped.name());
            assertThat(status.restarts()).isZero();
            // Nothing was lost by the attempt: with the object back the job goes on.
            stopped.setup.bucket().put(stopped.key, Content.of(good));
            stopped.setup.finish(stopped.start("c", STRICT));
            SavepointJobTest.assertExact(stopped.ledger, RECORDS);
            stopped.setup.world().end();
        });
    }

    @TestFactory
    List<DynamicTest> usesTheNextOlderOneIfAllowedAndSaysSo() {
        return each((part, damage) -> {
            Stopped stopped = stopped(part);
            damage.to(stopped.setup, stopped.key);

            SimulatedJob job = stopped.start("b", LENIENT);
            stopped.setup.finish(job);

            assertThat(String.join("\n", stopped.setup.world().trace()))
                    .contains("checkpoint " + stopped.newest + ": ")
                    .contains(stopped.name());
            assertThat(stopped.ledger.visible()).containsAll(LocalJobTest.reference(RECORDS));
            stopped.setup.world().end();
        });
    }

    @Test
    void usesTheNextOlderOneIfTheCommitsOfTheDamagedOneAreOpen() {
        Stopped stopped = stopped(Part.PACK, true);
        Damage.MISSING.to(stopped.setup, stopped.key);

        stopped.setup.finish(stopped.start("b", LENIENT));

        assertThat(stopped.ledger.visible()).containsAll(LocalJobTest.reference(RECORDS));
        stopped.setup.world().end();
    }

    @Test
    void usesTheNextOlderOneIfTheManifestIsLostAndItsCommitsAreOpen() {
        Stopped stopped = stopped(Part.MANIFEST, true);
        Damage.MISSING.to(stopped.setup, stopped.key);

        stopped.setup.finish(stopped.start("b", LENIENT));

        assertThat(stopped.ledger.visible()).containsAll(LocalJobTest.reference(RECORDS));
        stopped.setup.world().end();
    }

    @Test
    void aDamagedCheckpointThatWasAskedForByNumberIsNotReplacedByAnother() {
        Stopped stopped = stopped(Part.PACK);
        Damage.FLIPPED.to(stopped.setup, stopped.key);

        JobStatus status = stopped.setup.end(stopped.start(
                "b", stopped.setup.checkpoints(LENIENT).restore(new RestoreRequest.Checkpoint(stopped.newest))));

        assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message()).contains(stopped.name());
        stopped.setup.world().end();
    }

    @Test
    void aDamagedSavepointIsNotReplacedByAnything() {
        Stopped stopped = stopped(Part.PACK);
        SimulatedJob saving = stopped.start("b", STRICT);
        saving.job().stopWithSavepoint("s");
        stopped.setup.end(saving);
        String data = stopped.setup
                .bucket()
                .list("test/job/1/savepoints/s/data/", null, 10)
                .getFirst()
                .key();
        Damage.FLIPPED.to(stopped.setup, data);

        JobStatus status = stopped.setup.end(
                stopped.start("c", stopped.setup.checkpoints(LENIENT).restore(new RestoreRequest.Savepoint("s"))));

        assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message()).contains(data.substring("test/job/1/savepoints/s/".length()));
        stopped.setup.world().end();
    }

    @Test
    void aJobThatBeganFromNothingFallsBackToItsOwnOlderCheckpointAndNotToNothing() {
        LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
        JobSetup setup = JobSetup.of(8).checkpoints(LENIENT).restore(new RestoreRequest.Nothing());
        boolean[] fail = new boolean[1];
        StreamProgram program = (graph, parameters) -> graph.source(
                        "numbers", new NumberSource<>(Type.of(Long.class), RECORDS, 100, n -> n, 1_000_000))
                .map(Long.class, n -> {
                    if (fail[0]) {
                        fail[0] = false;
                        throw new IllegalStateException("planned");
                    }
                    return n;
                })
                .keyBy(Long.class, n -> n % CountJob.KEYS)
                .process("count", Count.class, CountJob.Counting::new)
                .sink("counts", new LedgerSink<>(ledger));
        SimulatedJob job = setup.start("a", () -> program);
        setup.runToCheckpoint(job, 5);
        long newest = setup.log().nextCheckpointId() - 1;
        setup.bucket()
                .list("test/job/1/checkpoints/" + String.format("%020d", newest) + "/pack-", null, 10)
                .forEach(pack -> Damage.MISSING.to(setup, pack.key()));
        fail[0] = true;

        setup.finish(job);

        assertThat(ledger.visible()).containsAll(LocalJobTest.reference(RECORDS));
        assertThat(ledger.visible().size())
                .as("only what followed one or two checkpoints is shown twice")
                .isLessThan((int) RECORDS + 1_000);
        setup.world().end();
    }

    @Test
    void aDamagedSlotOfTheLogStopsTheStartAndIsNamed() {
        for (Damage damage : List.of(Damage.TRUNCATED, Damage.FLIPPED)) {
            Stopped stopped = stopped(Part.PACK);
            String slot = stopped.setup
                    .bucket()
                    .list("test/job/1/log/", null, 1000)
                    .getLast()
                    .key();
            damage.to(stopped.setup, slot);

            JobStatus status = stopped.setup.end(stopped.start("b", LENIENT));

            assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
            assertThat(status.message()).contains(slot);
            stopped.setup.world().end();
        }
    }

    @Test
    void aMissingSlotInTheMiddleOfTheLogStopsTheStartAndIsNamed() {
        Stopped stopped = stopped(Part.PACK);
        var slots = stopped.setup.bucket().list("test/job/1/log/", null, 1000);
        String slot = slots.get(slots.size() - 2).key();
        Damage.MISSING.to(stopped.setup, slot);

        JobStatus status = stopped.setup.end(stopped.start("b", STRICT));

        assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message()).contains("HF-CKP-002");
        stopped.setup.world().end();
    }

    @FunctionalInterface
    private interface Case {
        void run(Part part, Damage damage);
    }

    private static List<DynamicTest> each(Case test) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Part part : Part.values()) {
            for (Damage damage : Damage.values()) {
                tests.add(DynamicTest.dynamicTest(part + " " + damage, () -> test.run(part, damage)));
            }
        }
        return tests;
    }

    /** A job whose process was killed, with several checkpoints, and an object that its newest one needs. */
    private record Stopped(JobSetup setup, LedgerSink.Ledger<Count> ledger, String key, long newest, boolean large) {
        /** The object's name below the job's root. */
        String name() {
            return key.substring("test/job/1/".length());
        }

        SimulatedJob start(String name, CheckpointSettings checkpoints) {
            return start(name, setup.checkpoints(checkpoints));
        }

        SimulatedJob start(String name, JobSetup with) {
            return with.start(name, () -> large ? new LargeState(ledger) : new SlowCount(ledger, RECORDS));
        }
    }

    private static Stopped stopped(Part part) {
        return stopped(part, false);
    }

    private static Stopped stopped(Part part, boolean commitsOpen) {
        JobSetup setup = JobSetup.of(5).checkpoints(STRICT).memory(256 << 20);
        LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
        boolean large = part == Part.RUN;
        SimulatedJob job = new Stopped(setup, ledger, "", 0, large).start("a", STRICT);
        setup.runToCheckpoint(job, 4);
        if (commitsOpen) {
            ledger.committing = transaction -> {
                throw new IllegalStateException("planned");
            };
            setup.runToCheckpoint(job, 5);
        } else {
            setup.pass(12);
        }
        job.process().kill();
        ledger.committing = transaction -> {};
        LogRecord.Completed newest =
                (LogRecord.Completed) setup.log().completed().getLast().record();
        String key = switch (part) {
            case MANIFEST -> "test/job/1/" + newest.manifest().name();
            case PACK ->
                setup.bucket()
                        .list(
                                "test/job/1/checkpoints/" + String.format("%020d", newest.checkpointId()) + "/pack-",
                                null,
                                10)
                        .getFirst()
                        .key();
            // The newest that a completed checkpoint has; the one of a pending checkpoint does not count.
            case RUN ->
                setup.bucket().list("test/job/1/runs/", null, 10).stream()
                        .map(run -> run.key())
                        .filter(run -> Long.parseLong(run.split("-")[1]) <= newest.checkpointId())
                        .toList()
                        .getLast();
        };
        return new Stopped(setup, ledger, key, newest.checkpointId(), large);
    }

    /** Counts, and keeps so much in one value at each 400th record that it becomes an object of its own. */
    private record LargeState(LedgerSink.Ledger<Count> ledger) implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            graph.source("numbers", new NumberSource<>(Type.of(Long.class), RECORDS, 100, n -> n, 1_000_000))
                    .keyBy(Long.class, n -> n % CountJob.KEYS)
                    .process("count", Count.class, Keeping::new)
                    .sink("counts", new LedgerSink<>(ledger));
        }

        private static final class Keeping implements KeyedProcess<Long, Long, Count> {
            private final ValueState<Long> count;
            private final ValueState<byte[]> ballast;

            Keeping(States states) {
                count = states.value("count", Long.class, 0L);
                ballast = states.value("ballast", byte[].class, new byte[0]);
            }

            @Override
            public void process(Long value, Context<Long> context, Output<Count> out) {
                long next = count.get() + 1;
                count.set(next);
                if (value % 400 == 0) {
                    ballast.set(new byte[9 << 20]);
                }
                out.emit(new Count(context.key(), next));
            }
        }
    }
}
