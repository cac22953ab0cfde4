package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.coordinator.JobView;
import dev.holdfast.engine.coordinator.Operation;
import dev.holdfast.engine.coordinator.Operation.Answer;
import dev.holdfast.engine.coordinator.Operation.State;
import dev.holdfast.engine.local.CountJob.Count;
import dev.holdfast.engine.local.SimulatedCluster.Coordinating;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A running job gets another parallelism, with the processes that are there. */
class RescaleTest {
    private static final long RECORDS = 6_000;

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(11).parallelism(2).checkpoints(JobSetup.every(20));
    private final SimulatedCluster cluster = new SimulatedCluster(setup, new SlowCount(ledger, RECORDS));
    private final Coordinating coordinator = cluster.startCoordinator(setup);

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void workersAreAddedAndTakenAwayWithoutANewProcess() {
        start(2);
        Answer early = ask(4);
        assertThat(early).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("HF-RUN-024");
            assertThat(refused.text())
                    .isEqualTo("parallelism 4 needs 4 slots, and workers offer 2. Start more workers first");
        });
        cluster.startWorker("a2", 1);
        cluster.startWorker("a3", 1);
        setup.pass(200);

        rescale(4);
        assertThat(busy()).hasSize(4);
        rescale(1);
        assertThat(busy()).hasSize(1);
        rescale(3);
        assertThat(busy()).hasSize(3);

        finish();
        assertThat(coordinator.status.generation()).isEqualTo(1);
        assertThat(view().failures().entries()).isEmpty();
        assertThat(cluster.workers()).allMatch(worker -> worker.ended != null && worker.ended.contains("FINISHED"));
    }

    @Test
    void nothingIsDoneAgainSinceACheckpointIsTakenFirst() {
        start(2);
        long checkpoints = coordinator.status.completedCheckpoints();
        long number = accepted(ask(1)).number();
        run(() -> find(number).state() != State.IN_PROGRESS);

        assertThat(coordinator.status.completedCheckpoints()).isGreaterThan(checkpoints);
        assertThat(coordinator.status.restoredCheckpoint()).isGreaterThan(checkpoints);
        finish();
    }

    @Test
    void aWorkerThatDiesMeanwhileDoesNotUndoIt() {
        start(3);
        long number = accepted(ask(3)).number();
        cluster.workers().getFirst().process.kill();
        cluster.startWorker("a4", 1);

        run(() -> find(number).state() != State.IN_PROGRESS);

        assertThat(find(number).state()).isEqualTo(State.COMPLETED);
        assertThat(view().plan().slots()).isEqualTo(3);
        finish();
    }

    @Test
    void aJobThatWaitsForSlotsRunsOnWithFewer() {
        start(2);
        cluster.workers().getFirst().process.kill();
        run(() -> coordinator.status.message().contains("waiting for slots: 2 needed, 1 offered"));

        long number = accepted(ask(1)).number();
        run(() -> find(number).state() != State.IN_PROGRESS);

        assertThat(find(number).state()).as("%s", find(number)).isEqualTo(State.COMPLETED);
        finish();
    }

    @Test
    void theNewestWishCountsWhereSlotsWereLostMeanwhile() {
        start(4);
        long four = accepted(ask(4)).number();
        cluster.workers().getFirst().process.kill();
        run(() -> coordinator.status.message().contains("waiting for slots: 4 needed, 3 offered"));

        long three = accepted(ask(3)).number();
        assertThat(find(four).problem().orElseThrow().text())
                .isEqualTo("parallelism 4 is given up: parallelism 3 was asked for meanwhile");
        run(() -> find(three).state() != State.IN_PROGRESS);

        assertThat(find(three).state()).as("%s", find(three)).isEqualTo(State.COMPLETED);
        finish();
    }

    @Test
    void anotherCoordinatorGoesOnWithTheParallelismOfItsSettings() {
        start(3);
        rescale(3);
        coordinator.process.kill();

        Coordinating next = cluster.startCoordinator(setup);
        run(() -> next.status.phase().isFinal());

        assertThat(next.status.phase()).as("%s", next.status).isEqualTo(Phase.FINISHED);
        assertThat(next.coordinator.control().view().plan().slots()).isEqualTo(2);
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void whatCannotRunIsRefusedAndTheJobGoesOn() {
        start(2);
        assertThat(ask(100_000)).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("HF-RUN-024");
            assertThat(refused.text()).contains("the program cannot run with parallelism 100000");
        });
        assertThat(ask(2))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.text()).isEqualTo("the job has parallelism 2 already"));
        finish();
    }

    private void start(int workers) {
        for (int i = 0; i < workers; i++) {
            cluster.startWorker("a" + i, 1);
        }
        run(() -> coordinator.status.completedCheckpoints() > 1);
    }

    private void rescale(int parallelism) {
        long number = accepted(ask(parallelism)).number();
        run(() -> find(number).state() != State.IN_PROGRESS);
        assertThat(find(number).state()).as("%s", find(number)).isEqualTo(State.COMPLETED);
        assertThat(view().plan().slots()).isEqualTo(parallelism);
        long before = coordinator.status.completedCheckpoints();
        run(() -> coordinator.status.completedCheckpoints() > before);
    }

    private Answer ask(int parallelism) {
        List<Answer> answers = new ArrayList<>();
        coordinator.coordinator.control().request(Operation.Request.rescale(parallelism, ""), answers::add);
        run(() -> !answers.isEmpty());
        return answers.getFirst();
    }

    private static Operation accepted(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Accepted.class);
        return ((Answer.Accepted) answer).operation();
    }

    private Operation find(long number) {
        return view().operations().stream()
                .filter(operation -> operation.number() == number)
                .findFirst()
                .orElseThrow();
    }

    private JobView view() {
        return coordinator.coordinator.control().view();
    }

    private Set<Integer> busy() {
        return view().busy();
    }

    private void finish() {
        run(() -> coordinator.status.phase().isFinal());
        assertThat(coordinator.status.phase()).as("%s", coordinator.status).isEqualTo(Phase.FINISHED);
        SavepointJobTest.assertExact(ledger, RECORDS);
        setup.pass(1_000);
    }

    private void run(BooleanSupplier until) {
        assertThat(setup.world().runUntil(until, JobSetup.MINUTE_NS))
                .as("%s: %s", coordinator.status, setup.world().trace())
                .isTrue();
    }
}
