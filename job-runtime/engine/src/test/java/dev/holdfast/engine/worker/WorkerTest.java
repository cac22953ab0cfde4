package dev.holdfast.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.engine.state.MemorySortedStore;
import dev.holdfast.engine.task.JobIdentity;
import dev.holdfast.engine.task.MetricsRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker makes of messages that come late, twice, or from the wrong attempt. */
class WorkerTest {
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final List<ToCoordinator> said = new ArrayList<>();
    private Worker worker;
    private String fingerprint;

    @BeforeEach
    void start() {
        SimulatedProcess process = world.start("a", new MemoryObjectStore());
        IntFunction<Program> programs = parallelism -> Program.of(
                (graph, parameters) -> graph.source("source", new Silent()).sink("sink", new Ignoring()),
                Parameters.of(Map.of()),
                parallelism,
                128);
        fingerprint = programs.apply(1).plan().fingerprint();
        WorkerJob job = new WorkerJob(
                new JobRoot("n", "j", "1"),
                new JobIdentity("j", "1", Parameters.of(Map.of())),
                programs,
                1,
                1 << 20,
                0,
                MemorySortedStore.factory(process.disk()),
                false,
                Timeouts.DEFAULTS,
                new MetricsRegistry());
        process.env()
                .loops()
                .start(
                        "worker",
                        mailbox -> worker = new Worker(process.env(), job, mailbox, said::add, null),
                        error -> {
                            throw new AssertionError(error);
                        });
    }

    @AfterEach
    void end() {
        world.end();
    }

    @Test
    void messagesOfAnotherAttemptAreIgnored() {
        run(7);
        tell(new ToWorker.Trigger(6, 1));
        tell(new ToWorker.Trigger(8, 2));
        assertThat(said).noneMatch(ToCoordinator.Acknowledged.class::isInstance);

        tell(new ToWorker.Trigger(7, 3));

        assertThat(said)
                .anyMatch(message -> message instanceof ToCoordinator.Acknowledged acknowledged
                        && acknowledged.attempt() == 7
                        && acknowledged.checkpointId() == 3);
    }

    @Test
    void aCancelOfAnotherAttemptIsAnsweredAndEndsNothing() {
        run(7);
        tell(new ToWorker.Cancel(6));

        assertThat(said.getLast()).isEqualTo(new ToCoordinator.Cancelled(0, 6));
        tell(new ToWorker.Trigger(7, 1));
        assertThat(said.getLast()).isInstanceOf(ToCoordinator.Acknowledged.class);
    }

    @Test
    void aSecondDeploymentWhileOneRunsIsRefused() {
        run(7);
        deploy(8, fingerprint);

        assertThat(said.getLast())
                .isEqualTo(new ToCoordinator.Failed(
                        0, 8, new Failure("HF-RUN-007", "worker 0 still runs attempt 7", true)));
    }

    @Test
    void aPlanOfAnotherProgramIsRefused() {
        deploy(7, "abc");

        assertThat(said.getLast())
                .isInstanceOfSatisfying(
                        ToCoordinator.Failed.class,
                        failed -> assertThat(failed.failure().text())
                                .contains("the plan of worker 0 has fingerprint " + fingerprint
                                        + ", the coordinator's abc"));
    }

    @Test
    void afterACancelTheNextAttemptRuns() {
        run(7);
        tell(new ToWorker.Cancel(7));
        assertThat(said.getLast()).isEqualTo(new ToCoordinator.Cancelled(0, 7));
        run(8);
        tell(new ToWorker.Trigger(8, 1));

        assertThat(said.getLast()).isInstanceOf(ToCoordinator.Acknowledged.class);
    }

    @Test
    void tasksReportAboutOnceASecondWhileTheirAttemptRuns() {
        deploy(7, fingerprint);
        world.runUntil(() -> false, 3_000_000_000L);
        assertThat(reports()).isEmpty();

        tell(new ToWorker.Start(7));
        world.runUntil(() -> false, 3_500_000_000L);
        assertThat(reports()).hasSize(3).allSatisfy(report -> {
            assertThat(report.attempt()).isEqualTo(7);
            assertThat(report.tasks()).singleElement().satisfies(numbers -> {
                assertThat(numbers.task()).isEqualTo(new TaskId(0, 0));
                assertThat(numbers.idleMsPerSecond()).isBetween(950, 1000);
            });
        });

        tell(new ToWorker.Cancel(7));
        said.clear();
        world.runUntil(() -> false, 3_000_000_000L);
        assertThat(reports()).isEmpty();
    }

    private List<ToCoordinator.Report> reports() {
        return said.stream()
                .filter(ToCoordinator.Report.class::isInstance)
                .map(ToCoordinator.Report.class::cast)
                .toList();
    }

    private void run(long attempt) {
        deploy(attempt, fingerprint);
        assertThat(said.getLast()).isEqualTo(new ToCoordinator.Deployed(0, attempt));
        tell(new ToWorker.Start(attempt));
    }

    private void deploy(long attempt, String plan) {
        Placement placement = new Placement(List.of(new Placement.Member(0, "a", Optional.empty())), List.of(0));
        tell(new ToWorker.Deploy(attempt, 1, 1, plan, Optional.empty(), Optional.empty(), placement));
    }

    private void tell(ToWorker message) {
        worker.receive(message);
        world.runUntil(() -> false, 50_000_000);
    }

    private static final class Ignoring implements AtLeastOnceSink<Long> {
        @Override
        public Writer<Long> writer(SinkContext context) {
            return record -> {};
        }
    }

    /** A source that never has anything. */
    private static final class Silent implements Source<Long, Long, Long> {
        @Override
        public Type<Long> type() {
            return Type.of(Long.class);
        }

        @Override
        public Type<Long> splitType() {
            return Type.of(Long.class);
        }

        @Override
        public Type<Long> enumeratorType() {
            return Type.of(Long.class);
        }

        @Override
        public SplitEnumerator<Long, Long> enumerator(EnumeratorContext<Long> context, Long restored) {
            throw new UnsupportedOperationException("there is no coordinator here");
        }

        @Override
        public SourceReader<Long, Long> reader(ReaderContext context) {
            return new SourceReader<>() {
                @Override
                public void addSplits(List<Long> splits) {}

                @Override
                public void noMoreSplits() {}

                @Override
                public Status read(Output<Long> out, int max) {
                    return Status.NOTHING_NOW;
                }

                @Override
                public List<Long> snapshot(long checkpointId) {
                    return List.of();
                }

                @Override
                public String position() {
                    return "nowhere";
                }
            };
        }
    }
}
