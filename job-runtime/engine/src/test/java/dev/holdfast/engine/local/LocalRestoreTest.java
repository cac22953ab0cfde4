package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.local.CountJob.Count;
import dev.holdfast.engine.local.SimulatedCluster.Coordinating;
import dev.holdfast.engine.local.SimulatedCluster.Working;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A restore fetches only what the worker's machine does not have. */
class LocalRestoreTest {
    private static final long RECORDS = 60_000;
    private static final int SLOTS = 2;
    /** What each slot's sink may have to commit again is read from the bucket. */
    private static final long COMMITTABLES = SLOTS;

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup base = JobSetup.of(31).parallelism(2 * SLOTS);
    private final SimulatedCluster cluster = new SimulatedCluster(base, this::define);

    @AfterEach
    void end() {
        base.world().end();
    }

    @Test
    void aWorkerThatSurvivesFetchesNoState() {
        Coordinating coordinator = running();
        Working spare = cluster.startWorker("spare", SLOTS);
        base.pass(50);

        long killedNs = killFirst();
        runsAgain(coordinator);

        assertThat(fetches(survivor(), killedNs)).as("%s", base.world().trace()).isLessThanOrEqualTo(COMMITTABLES);
        assertThat(fetches(spare, killedNs)).as("%s", base.world().trace()).isGreaterThan(COMMITTABLES);
        finish(coordinator);
    }

    @Test
    void aWorkerThatComesBackWithItsFilesUsesThem() {
        Coordinating coordinator = running();
        MemoryDisk disk = cluster.workers().getFirst().process.disk();
        assertThat(kept(disk)).isNotEmpty();

        killFirst();
        Working back = cluster.startWorker("a0", SLOTS, base, disk);
        long startedNs = base.world().nowNs();
        runsAgain(coordinator);

        assertThat(fetches(back, startedNs)).as("%s", base.world().trace()).isLessThanOrEqualTo(COMMITTABLES);
        assertThat(kept(disk)).as("what belongs to no checkpoint is gone").isNotEmpty();
        assertThat(disk.list("slot-0").stream().filter(file -> !file.contains("/" + attempt(coordinator) + "/")))
                .as("what the dead process left")
                .isEmpty();
        finish(coordinator);
    }

    @Test
    void aFileThatIsNotWhatWasWrittenIsFetchedAgain() throws IOException {
        Coordinating coordinator = running();
        MemoryDisk disk = cluster.workers().getFirst().process.disk();
        killFirst();
        for (String file : kept(disk)) {
            byte[] bytes = disk.read(file);
            bytes[bytes.length / 2] ^= 1;
            try (OutputStream out = disk.create(file)) {
                out.write(bytes);
            }
        }

        Working back = cluster.startWorker("a0", SLOTS, base, disk);
        long startedNs = base.world().nowNs();
        runsAgain(coordinator);

        assertThat(fetches(back, startedNs)).as("%s", base.world().trace()).isGreaterThan(COMMITTABLES);
        assertThat(coordinator.status.restarts()).isEqualTo(1);
        finish(coordinator);
    }

    /** Counts as {@link CountJob} does, with state that does not stay in memory. */
    private void define(StreamGraph graph, Parameters parameters) {
        graph.source("numbers", new NumberSource<>(Type.of(Long.class), RECORDS, 500, n -> n))
                .keyBy(Long.class, n -> n % CountJob.KEYS)
                .process("count", Count.class, Padded::new)
                .sink("counts", new LedgerSink<>(ledger));
    }

    private static final class Padded implements KeyedProcess<Long, Long, Count> {
        private final ValueState<Long> count;
        private final ValueState<String> padding;

        Padded(States states) {
            count = states.value("count", Long.class, 0L);
            padding = states.value("padding", String.class, "");
        }

        @Override
        public void process(Long value, Context<Long> context, Output<Count> out) {
            long next = count.get() + 1;
            count.set(next);
            padding.set(Long.toString(next % 10).repeat(20_000));
            out.emit(new Count(context.key(), next));
        }
    }

    private Coordinating running() {
        Coordinating coordinator = cluster.startCoordinator(base);
        cluster.startWorker("a0", SLOTS);
        cluster.startWorker("a1", SLOTS);
        assertThat(base.world().runUntil(() -> coordinator.status.completedCheckpoints() >= 3, JobSetup.MINUTE_NS))
                .as("%s", base.world().trace())
                .isTrue();
        return coordinator;
    }

    private long killFirst() {
        cluster.workers().getFirst().process.kill();
        return base.world().nowNs();
    }

    private void runsAgain(Coordinating coordinator) {
        assertThat(base.world()
                        .runUntil(
                                () -> coordinator.status.restarts() == 1 && coordinator.status.phase() == Phase.RUNNING,
                                JobSetup.MINUTE_NS))
                .as("%s", base.world().trace())
                .isTrue();
    }

    private void finish(Coordinating coordinator) {
        assertThat(base.world().runUntil(() -> coordinator.status.phase().isFinal(), JobSetup.MINUTE_NS))
                .as("%s", base.world().trace())
                .isTrue();
        assertThat(coordinator.status.phase()).isEqualTo(Phase.FINISHED);
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    private Working survivor() {
        return cluster.workers().get(1);
    }

    private static long attempt(Coordinating coordinator) {
        return coordinator.status.generation() * 1_000_000 + coordinator.status.restarts();
    }

    private static List<String> kept(MemoryDisk disk) {
        return disk.list("kept");
    }

    /** Reads of ranges by a worker since then. */
    private long fetches(Working worker, long sinceNs) {
        return base.world().trace().stream()
                .filter(line -> line.contains(" " + worker.process.name() + " getRange "))
                .filter(line -> Long.parseLong(line.substring(0, line.indexOf(' '))) >= sinceNs)
                .count();
    }
}
