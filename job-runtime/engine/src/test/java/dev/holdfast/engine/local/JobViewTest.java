package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.coordinator.CheckpointHistory;
import dev.holdfast.engine.coordinator.FailureHistory;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.coordinator.JobView;
import dev.holdfast.engine.coordinator.JobView.TaskState;
import dev.holdfast.engine.coordinator.WorkerSession;
import dev.holdfast.engine.local.CountJob.Count;
import dev.holdfast.engine.local.SimulatedCluster.Coordinating;
import dev.holdfast.engine.protocol.TaskId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can be seen of a running job. */
class JobViewTest {
    private static final long RECORDS = 4_000;

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(5).checkpoints(JobSetup.every(20));

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void hasTheLastCheckpointsWithWhatBecameOfThem() {
        SimulatedJob job = setup.start("a", () -> new SlowCount(ledger, 3 * RECORDS));
        setup.runToCheckpoint(job, 60);

        CheckpointHistory.View view = job.job().control().view().checkpoints();

        assertThat(view.completed()).isGreaterThanOrEqualTo(60);
        assertThat(view.failed()).isZero();
        assertThat(view.entries()).hasSize(50);
        List<CheckpointHistory.Entry> complete = view.entries().stream()
                .filter(entry -> entry.state() == CheckpointHistory.State.COMPLETED)
                .toList();
        assertThat(complete).hasSizeGreaterThanOrEqualTo(49).allSatisfy(entry -> {
            assertThat(entry.endedWallMs()).isGreaterThanOrEqualTo(entry.triggeredWallMs());
            assertThat(entry.fullBytes()).isPositive();
            assertThat(entry.reason()).isEmpty();
        });
        assertThat(complete.getLast().id())
                .isEqualTo(view.last().orElseThrow().id())
                .isEqualTo(view.manifest().orElseThrow().checkpointId());
    }

    @Test
    void tellsWhatTheTasksDoAndWhere() {
        SimulatedCluster cluster = new SimulatedCluster(setup, new SlowCount(ledger, RECORDS));
        Coordinating coordinator = cluster.startCoordinator(setup);
        setup.pass(100);
        assertThat(view(coordinator).state(new TaskId(0, 0))).isEqualTo(TaskState.SCHEDULED);
        cluster.startWorker("one", 1);
        cluster.startWorker("two", 1);
        assertThat(setup.world().runUntil(() -> coordinator.status.phase() == Phase.RUNNING, JobSetup.MINUTE_NS))
                .isTrue();

        JobView running = view(coordinator);

        assertThat(running.state(new TaskId(0, 1))).isEqualTo(TaskState.RUNNING);
        assertThat(List.of(
                        running.placement().orElseThrow().at(0).name(),
                        running.placement().orElseThrow().at(1).name()))
                .containsExactlyInAnyOrder("one", "two");
        assertThat(running.attempt()).isEqualTo(1_000_000);
        List<WorkerSession> workers = coordinator.coordinator.control().workers();
        assertThat(workers).extracting(WorkerSession::name).containsExactlyInAnyOrder("one", "two");
        assertThat(workers).allMatch(worker -> worker.state() == WorkerSession.State.READY);
        assertThat(workers).allMatch(worker -> coordinator.coordinator.control().silentMs(worker) <= 1_000);
    }

    @Test
    void keepsTheFailuresWithTaskWorkerAndAttempt() {
        SimulatedCluster cluster = new SimulatedCluster(setup, new SlowCount(ledger, RECORDS));
        Coordinating coordinator = cluster.startCoordinator(setup);
        cluster.startWorker("one", 1);
        cluster.startWorker("two", 1);
        cluster.startWorker("three", 1);
        assertThat(setup.world().runUntil(() -> coordinator.status.completedCheckpoints() > 1, JobSetup.MINUTE_NS))
                .isTrue();
        ledger.committing = transaction -> {
            throw new IllegalStateException("the outside world is away");
        };
        assertThat(setup.world().runUntil(() -> coordinator.status.restarts() > 0, JobSetup.MINUTE_NS))
                .isTrue();
        ledger.committing = transaction -> {};
        assertThat(setup.world().runUntil(() -> coordinator.status.phase() == Phase.RUNNING, JobSetup.MINUTE_NS))
                .isTrue();
        cluster.workers().getFirst().process.kill();
        assertThat(setup.world().runUntil(() -> coordinator.status.restarts() > 1, JobSetup.MINUTE_NS))
                .isTrue();

        FailureHistory.View failures = view(coordinator).failures();

        assertThat(failures.count()).isGreaterThanOrEqualTo(2);
        FailureHistory.Entry first = failures.entries().getFirst();
        assertThat(first.text()).contains("the outside world is away");
        assertThat(first.worker()).isPresent();
        assertThat(first.task()).as("%s", first).isPresent();
        assertThat(first.attempt()).isEqualTo(1_000_000);
        FailureHistory.Entry last = failures.entries().getLast();
        // The coordinator or a worker beside it, whoever notices first.
        assertThat(last.code()).isIn("HF-RUN-017", "HF-NET-024");
        assertThat(last.attempt()).isGreaterThan(first.attempt());
    }

    @Test
    void settingsThatChangeWhileTheJobRunsCountAtOnce() {
        SimulatedJob job = setup.checkpoints(JobSetup.every(600_000)).start("a", () -> new SlowCount(ledger, RECORDS));
        setup.pass(500);
        assertThat(job.job().status().completedCheckpoints()).isZero();
        boolean[] done = new boolean[1];

        job.job().control().change(JobSetup.every(20), () -> done[0] = true);
        setup.runToCheckpoint(job, 3);

        assertThat(done[0]).isTrue();
        assertThat(job.job().control().view().checkpoint().interval()).isEqualTo(Duration.ofMillis(20));
    }

    private static JobView view(Coordinating coordinator) {
        return coordinator.coordinator.control().view();
    }
}
