package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.state.States;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.coordinator.TaskReports;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.metrics.TaskCounters;
import dev.holdfast.engine.metrics.TaskTimes.Use;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.task.MetricsRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the metrics of whole jobs show, in virtual time. */
class WatchingTest {
    private static final long FOREVER = Long.MAX_VALUE / 2;
    private static final long SECOND_NS = 1_000_000_000L;

    private final LedgerSink.Ledger<CountJob.Count> ledger = new LedgerSink.Ledger<>();
    /** Where records are slow, barriers wait long behind them. */
    private final JobSetup setup = JobSetup.of(5)
            .parallelism(1)
            .checkpoints(new CheckpointSettings(
                    Duration.ofMillis(500), Duration.ofMinutes(10), Duration.ZERO, 1, 3, 2, true, false));

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void aSlowTaskIsBusyAndWhatIsBeforeItIsBackPressured() {
        setup.world().letTurnsWait();
        SimulatedJob job = setup.parallelism(2).start("a", env -> () -> slow(() -> env, FOREVER, 1));
        setup.pass(20_000);
        Look before = look(job.job().metrics());
        setup.pass(20_000);
        Look after = look(job.job().metrics());

        assertThat(after.share("count/1", Use.BUSY, before)).isGreaterThan(0.9);
        assertThat(after.share("numbers/0", Use.BACK_PRESSURED, before)).isGreaterThan(0.9);
        assertThat(after.share("count/0", Use.IDLE, before)).isGreaterThan(0.9);
        for (String task : List.of("numbers/0", "numbers/1", "count/0", "count/1")) {
            assertThat(after.elapsedNs(task, before)).as(task).isCloseTo(20 * SECOND_NS, Percentage.withPercentage(5));
        }
        TaskCounters source = counters(job.job().metrics(), "numbers/0");
        assertThat(source.outputs().get(1).reader()).isEqualTo("count/1");
        assertThat(source.outputs().get(1).blockedNs().value()).isGreaterThan(18 * SECOND_NS);
        assertThat(source.outputs().get(0).blockedNs().value()).isZero();
        assertThat(source.creditStallNs()).isZero();
        assertThat(counters(job.job().metrics(), "count/1").input().fill()).isGreaterThan(0.8);
    }

    @Test
    void aSourceWithoutRecordsIsIdleAndSoIsWhatFollowsIt() {
        SimulatedJob job = setup.start("a", env -> () -> source(FOREVER, 200_000_000));
        setup.runToCheckpoint(job, 1);
        Look before = look(job.job().metrics());
        setup.pass(20_000);
        Look after = look(job.job().metrics());

        for (String task : List.of("count/0", "numbers/0")) {
            assertThat(after.share(task, Use.IDLE, before)).as(task).isGreaterThan(0.95);
            assertThat(after.elapsedNs(task, before)).as(task).isCloseTo(20 * SECOND_NS, Percentage.withPercentage(5));
        }
        TaskCounters count = counters(job.job().metrics(), "count/0");
        assertThat(count.recordsIn().value())
                .isEqualTo(counters(job.job().metrics(), "numbers/0").recordsOut())
                .isPositive();
        assertThat(count.state().hits.value() + count.state().misses.value()).isPositive();
        assertThat(count.barrierPauseNs().count()).isGreaterThan(20);
        assertThat(count.alignmentNs().count()).isGreaterThan(20);
    }

    @Test
    void aSinkThatPreparesForLongStallsItsTask() {
        SimulatedJob job = setup.start(
                "a",
                env -> () -> (graph, parameters) -> graph.source(
                                "numbers", new NumberSource<>(Type.of(Long.class), FOREVER, 100, n -> n))
                        .keyBy(Long.class, n -> n % CountJob.KEYS)
                        .process("count", CountJob.Count.class, CountJob.Counting::new)
                        .sink("counts", new SlowFlush(env, 400)));
        setup.runToCheckpoint(job, 1);
        Look before = look(job.job().metrics());
        setup.pass(20_000);
        Look after = look(job.job().metrics());

        assertThat(after.share("count/0", Use.STALLED, before)).isGreaterThan(0.3);
        assertThat(after.share("numbers/0", Use.BACK_PRESSURED, before)).isGreaterThan(0.3);
    }

    @Test
    void probesTellHowOldRecordsAreAndCheckpointsHoldThroughThem() {
        setup.world().letTurnsWait();
        SimulatedJob job = setup.parallelism(2).start("a", env -> () -> slow(() -> env, 40_000, 1));

        setup.finish(job);

        TaskCounters count = counters(job.job().metrics(), "count/1");
        assertThat(count.latencyMs().count()).isGreaterThan(1);
        // A ring holds 16 batches, here of some 50 records that take 1 ms each.
        assertThat(count.latencyMs().quantile(1)).isBetween(300L, 5_000L);
        assertThat(LocalJobTest.sorted(ledger.visible()))
                .isEqualTo(LocalJobTest.sorted(LocalJobTest.reference(40_000)));
        assertThat(job.job().jobMetrics().checkpoints().completed().value()).isGreaterThan(1);
    }

    @Test
    void aWorkerWithoutCreditSaysWhoseAndAllTasksReport() {
        setup.world().letTurnsWait();
        JobSetup two = setup.parallelism(2);
        List<SimulatedCluster.Working> workers = new ArrayList<>();
        SimulatedCluster cluster =
                new SimulatedCluster(two, slow(() -> workers.getLast().process.env(), FOREVER, 1));
        SimulatedCluster.Coordinating coordinator = cluster.startCoordinator(two);
        workers.add(cluster.startWorker("w1", 1));
        two.pass(500);
        workers.add(cluster.startWorker("w2", 1));
        List<String> said = new ArrayList<>();
        try (Heard heard = new Heard(said)) {
            two.pass(65_000);
        }

        TaskCounters source = counters(workers.getFirst().metrics, "numbers/0");
        assertThat(source.creditStallNs()).isGreaterThan(30 * SECOND_NS);
        assertThat(source.sentBytes()).isPositive();
        assertThat(counters(workers.getLast().metrics, "count/1").input().receivedBytes())
                .isPositive();
        assertThat(said).anyMatch(line -> line.startsWith("limited by: credits of worker w2: task numbers/0"));
        assertThat(said).anyMatch(line -> line.startsWith("limited by: task count/1 is busy"));
        TaskReports.View view = coordinator.coordinator.metrics().tasks().view();
        assertThat(view.tasks())
                .containsOnlyKeys(new TaskId(0, 0), new TaskId(0, 1), new TaskId(1, 0), new TaskId(1, 1));
        assertThat(view.attempt()).isPositive();
        assertThat(view.tasks().get(new TaskId(1, 1)).numbers().busyMsPerSecond())
                .isGreaterThan(900);
        assertThat(view.tasks().get(new TaskId(0, 0)).numbers().backPressuredMsPerSecond())
                .isGreaterThan(900);
    }

    private StreamProgram source(long records, long pauseNs) {
        return (graph, parameters) -> graph.source(
                        "numbers", new NumberSource<>(Type.of(Long.class), records, 100, n -> n, pauseNs))
                .keyBy(Long.class, n -> n % CountJob.KEYS)
                .process("count", CountJob.Count.class, CountJob.Counting::new)
                .sink("counts", new LedgerSink<>(ledger));
    }

    /** @param only the subtask of the count that takes 1 ms for each record */
    private StreamProgram slow(Supplier<Env> env, long records, int only) {
        return (graph, parameters) -> graph.source(
                        "numbers", new NumberSource<>(Type.of(Long.class), records, 100, n -> n))
                .keyBy(Long.class, n -> n % CountJob.KEYS)
                .process("count", CountJob.Count.class, states -> new SlowCounting(env, only, states))
                .sink("counts", new LedgerSink<>(ledger));
    }

    /** @param ms how long each flush takes */
    private record SlowFlush(Env env, long ms) implements AtLeastOnceSink<CountJob.Count> {
        @Override
        public Writer<CountJob.Count> writer(SinkContext context) {
            return new Writer<>() {
                @Override
                public void write(CountJob.Count record) {}

                @Override
                public void flush() throws Exception {
                    env.blocking().pause(ms);
                }
            };
        }
    }

    private static final class SlowCounting implements KeyedProcess<Long, Long, CountJob.Count> {
        private final Supplier<Env> env;
        private final int only;
        private final CountJob.Counting counting;
        private boolean slow;

        SlowCounting(Supplier<Env> env, int only, States states) {
            this.env = env;
            this.only = only;
            this.counting = new CountJob.Counting(states);
        }

        @Override
        public void open(OperatorContext context) {
            slow = context.index() == only;
        }

        @Override
        public void process(Long value, Context<Long> context, Output<CountJob.Count> out) throws Exception {
            if (slow) {
                env.get().blocking().pause(1);
            }
            counting.process(value, context, out);
        }
    }

    private static TaskCounters counters(MetricsRegistry metrics, String task) {
        return metrics.tasks().stream()
                .map(MetricsRegistry.Counted::counters)
                .filter(counters -> counters.name().equals(task))
                .findFirst()
                .orElseThrow();
    }

    private static Look look(MetricsRegistry metrics) {
        Map<String, Map<Use, Long>> spent = new TreeMap<>();
        for (MetricsRegistry.Counted counted : metrics.tasks()) {
            Map<Use, Long> uses = new EnumMap<>(Use.class);
            for (Use use : Use.values()) {
                uses.put(use, counted.counters().times().spentNs(use));
            }
            spent.put(counted.counters().name(), uses);
        }
        return new Look(spent);
    }

    private record Look(Map<String, Map<Use, Long>> spent) {
        long ns(String task, Use use, Look before) {
            return spent.get(task).get(use) - before.spent().get(task).get(use);
        }

        long elapsedNs(String task, Look before) {
            long sum = 0;
            for (Use use : Use.values()) {
                sum += ns(task, use, before);
            }
            return sum;
        }

        double share(String task, Use use, Look before) {
            return (double) ns(task, use, before) / elapsedNs(task, before);
        }
    }

    /** The lines of one class's log. */
    private static final class Heard extends Handler implements AutoCloseable {
        private static final Logger LOGGER = Logger.getLogger("dev.holdfast.engine.worker.TaskWatch");

        private final List<String> lines;

        Heard(List<String> lines) {
            this.lines = lines;
            LOGGER.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            LOGGER.removeHandler(this);
        }
    }
}
