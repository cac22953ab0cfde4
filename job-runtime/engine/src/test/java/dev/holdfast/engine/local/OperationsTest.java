package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.coordinator.Operation;
import dev.holdfast.engine.coordinator.Operation.Answer;
import dev.holdfast.engine.coordinator.Operation.Kind;
import dev.holdfast.engine.coordinator.Operation.State;
import dev.holdfast.engine.local.CountJob.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others ask of a running job: savepoints, stops, cancellations, and who asks twice. */
class OperationsTest {
    private static final long RECORDS = 4_000;

    private final LedgerSink.Ledger<Count> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(7).checkpoints(JobSetup.every(20));

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void aSavepointIsFollowedFromItsRequestToItsLocation() {
        SimulatedJob job = running();

        Operation asked = accepted(ask(job, savepoint("mine")));
        assertThat(asked.state()).isEqualTo(State.IN_PROGRESS);
        Operation done = ended(job, asked.number());

        assertThat(done.state()).as("%s", done).isEqualTo(State.COMPLETED);
        assertThat(done.location()).contains("test/job/1/savepoints/mine");
        assertThat(done.checkpointId()).isPositive();
        assertThat(done.endedWallMs()).isGreaterThanOrEqualTo(done.requestedWallMs());
        setup.finish(job);
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void theSameRequestAgainIsTheSameOperation() {
        SimulatedJob job = running();

        Operation first = accepted(ask(job, savepoint("mine")));
        Operation repeated = accepted(ask(job, savepoint("mine")));
        ended(job, first.number());
        Operation late = accepted(ask(job, savepoint("mine")));

        assertThat(repeated.number()).isEqualTo(first.number());
        assertThat(late.number()).isEqualTo(first.number());
        assertThat(job.job().control().view().operations()).hasSize(1);
    }

    @Test
    void aKeyTellsRepetitionsWhereTheNameDiffers() {
        SimulatedJob job = running();

        Operation first = accepted(ask(job, new Operation.Request(Kind.SAVEPOINT, Optional.of("a"), "key")));
        Operation repeated = accepted(ask(job, new Operation.Request(Kind.SAVEPOINT, Optional.of("b"), "key")));
        Answer other = ask(job, new Operation.Request(Kind.CANCEL, Optional.empty(), "key"));

        assertThat(repeated.number()).isEqualTo(first.number());
        assertThat(other).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("HF-RUN-022");
            assertThat(refused.text()).contains("key 'key' was given with another request: SAVEPOINT with savepoint a");
        });
        assertThat(job.isOver()).isFalse();
    }

    @Test
    void aNameThatAnEarlierCoordinatorTookIsRefused() {
        SimulatedJob job = running();
        ended(job, accepted(ask(job, savepoint("taken"))).number());
        job.process().kill();
        SimulatedJob again = start("b", setup);
        setup.runToCheckpoint(again, 1);

        Answer answer = ask(again, savepoint("taken"));

        assertThat(answer).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("HF-CKP-010");
            assertThat(refused.text()).contains("savepoint 'taken' exists").contains("Choose another name");
        });
        assertThat(again.job().control().view().operations()).isEmpty();
    }

    @Test
    void aSavepointWhoseAttemptEndsHasFailedAndAStopIsTriedAgain() {
        SimulatedCluster cluster = new SimulatedCluster(setup, new SlowCount(ledger, RECORDS));
        SimulatedCluster.Coordinating coordinator = threeWorkers(cluster);
        List<Answer> answers = new ArrayList<>();
        coordinator.coordinator.control().request(savepoint("mine"), answers::add);
        run(() -> operations(coordinator).stream().anyMatch(operation -> operation.checkpointId() > 0));

        cluster.workers().getFirst().process.kill();
        cluster.workers().get(1).process.kill();
        run(() -> operations(coordinator).getFirst().state() != State.IN_PROGRESS);
        Operation failed = operations(coordinator).getFirst();
        assertThat(failed.state()).as("%s", setup.world().trace()).isEqualTo(State.FAILED);
        assertThat(failed.problem().orElseThrow().code()).isEqualTo("HF-CKP-015");
        assertThat(failed.problem().orElseThrow().text()).contains("restarted before it was complete");

        Operation.Request stop = new Operation.Request(Kind.STOP, Optional.of("stop"), "");
        coordinator.coordinator.control().request(stop, answers::add);
        cluster.startWorker("four", 1);
        run(() -> coordinator.status.phase() == Phase.RUNNING
                && operations(coordinator).getLast().checkpointId() > 0);
        cluster.workers().getLast().process.kill();
        cluster.startWorker("five", 1);
        run(() -> coordinator.status.phase().isFinal());

        assertThat(coordinator.status.phase()).as("%s", setup.world().trace()).isEqualTo(Phase.SUSPENDED);
        assertThat(operations(coordinator).getLast().state()).isEqualTo(State.COMPLETED);
    }

    private void run(java.util.function.BooleanSupplier until) {
        assertThat(setup.world().runUntil(until, JobSetup.MINUTE_NS))
                .as("%s", setup.world().trace())
                .isTrue();
    }

    private static List<Operation> operations(SimulatedCluster.Coordinating coordinator) {
        return coordinator.coordinator.control().view().operations();
    }

    @Test
    void aStopIsCompleteWithTheEndOfTheJobAndTheJobGoesOnFromIt() {
        SimulatedJob job = running();

        Operation asked = accepted(ask(job, new Operation.Request(Kind.STOP, Optional.of("stop"), "")));
        setup.end(job);

        Operation done = job.job().control().view().operations().getFirst();
        assertThat(done.number()).isEqualTo(asked.number());
        assertThat(done.state()).as("%s", done).isEqualTo(State.COMPLETED);
        assertThat(done.location()).contains("test/job/1/savepoints/stop");
        assertThat(job.job().status().phase()).isEqualTo(Phase.SUSPENDED);
        setup.finish(start("b", setup.restore(new RestoreRequest.Savepoint("stop"))));
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void whileTheJobStopsNothingElseMayEndItButACancellation() {
        SimulatedJob job = running();
        accepted(ask(job, new Operation.Request(Kind.STOP, Optional.of("stop"), "")));

        Answer second = ask(job, new Operation.Request(Kind.STOP, Optional.of("other"), ""));
        assertThat(second)
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.text()).contains("STOP with savepoint stop is under way"));
        setup.end(job);
    }

    @Test
    void aCancellationEndsTheJobAndWhatItHadPromised() {
        SimulatedJob job = running();
        Operation savepoint = accepted(ask(job, savepoint("late")));
        Operation cancel = accepted(ask(job, new Operation.Request(Kind.CANCEL, Optional.empty(), "")));

        assertThat(setup.end(job).phase()).isEqualTo(Phase.CANCELED);

        List<Operation> operations = job.job().control().view().operations();
        assertThat(operations).extracting(Operation::number).containsExactly(savepoint.number(), cancel.number());
        assertThat(operations.getLast().state()).isEqualTo(State.COMPLETED);
        assertThat(operations).noneMatch(operation -> operation.state() == State.IN_PROGRESS);
    }

    @Test
    void aDrainFinishesTheJobWithWhatItsSourcesHaveRead() {
        SimulatedJob job = running();

        Operation asked = accepted(ask(job, drain()));
        assertThat(accepted(ask(job, drain())).number()).isEqualTo(asked.number());
        assertThat(setup.end(job).phase()).isEqualTo(Phase.FINISHED);

        assertThat(find(job, asked.number()).state()).isEqualTo(State.COMPLETED);
        assertThat(ledger.visible()).isNotEmpty().hasSizeLessThan((int) RECORDS);
        assertThat(ledger.prepared).isEmpty();
        // What was not read is still there to be read: nothing is lost with the drain.
        long last = find(job, asked.number()).checkpointId();
        setup.finish(start("b", setup.restore(new RestoreRequest.Checkpoint(last))));
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void anAttemptThatFailsWhileItDrainsIsFollowedByOneThatDrains() {
        SimulatedCluster cluster = new SimulatedCluster(setup, new SlowCount(ledger, RECORDS));
        SimulatedCluster.Coordinating coordinator = threeWorkers(cluster);
        List<Answer> answers = new ArrayList<>();
        coordinator.coordinator.control().request(drain(), answers::add);
        run(() -> coordinator.status.message().contains("draining"));

        cluster.workers().getFirst().process.kill();
        run(() -> coordinator.status.phase().isFinal());

        assertThat(coordinator.status.phase()).as("%s", setup.world().trace()).isEqualTo(Phase.FINISHED);
        assertThat(coordinator.status.restarts()).isEqualTo(1);
        assertThat(operations(coordinator).getFirst().state()).isEqualTo(State.COMPLETED);
        assertThat(ledger.visible()).isNotEmpty().hasSizeLessThan((int) RECORDS);
        long last = coordinator.status.lastCheckpoint().orElseThrow().id();
        setup.finish(start("b", setup.restore(new RestoreRequest.Checkpoint(last))));
        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void aCoordinatorThatFollowsOnADrainGoesOnWithTheJob() {
        SimulatedJob job = running();
        accepted(ask(job, drain()));
        job.process().kill();

        setup.finish(start("b", setup));

        SavepointJobTest.assertExact(ledger, RECORDS);
    }

    @Test
    void aJobThatDrainsTakesNoSavepointAndOneThatTakesASavepointDoesNotDrain() {
        SimulatedJob job = running();
        accepted(ask(job, savepoint("mine")));
        assertThat(ask(job, drain()))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.text()).contains("SAVEPOINT with savepoint mine is under way"));
        assertThat(setup.world().runUntil(() -> find(job, 1).state() != State.IN_PROGRESS, JobSetup.MINUTE_NS))
                .isTrue();

        accepted(ask(job, drain()));
        assertThat(ask(job, savepoint("late")))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.text()).contains("DRAIN is under way"));
        assertThat(setup.end(job).phase()).isEqualTo(Phase.FINISHED);
    }

    @Test
    void aSavepointOfAJobThatDoesNotRunFailsAfterItsDeadline() {
        SimulatedCluster cluster = new SimulatedCluster(setup, new SlowCount(ledger, RECORDS));
        SimulatedCluster.Coordinating coordinator = cluster.startCoordinator(setup);
        setup.pass(100);
        assertThat(coordinator.status.phase()).isEqualTo(Phase.WAITING);
        List<Answer> answers = new ArrayList<>();
        coordinator.coordinator.control().request(savepoint("never"), answers::add);

        setup.pass(3_600_000 + 2_000);

        Operation failed = coordinator.coordinator.control().view().operations().getFirst();
        assertThat(answers).hasSize(1);
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.problem().orElseThrow().code()).isEqualTo("HF-CKP-014");
        assertThat(failed.problem().orElseThrow().text()).contains("savepoint never could not begin in time");
    }

    private SimulatedCluster.Coordinating threeWorkers(SimulatedCluster cluster) {
        SimulatedCluster.Coordinating coordinator = cluster.startCoordinator(setup);
        for (String name : List.of("one", "two", "three")) {
            cluster.startWorker(name, 1);
        }
        run(() -> coordinator.status.completedCheckpoints() > 1);
        return coordinator;
    }

    private SimulatedJob running() {
        SimulatedJob job = start("a", setup);
        setup.runToCheckpoint(job, 2);
        return job;
    }

    private SimulatedJob start(String name, JobSetup with) {
        return with.start(name, () -> new SlowCount(ledger, RECORDS));
    }

    private static Operation.Request drain() {
        return new Operation.Request(Kind.DRAIN, Optional.empty(), "");
    }

    private static Operation.Request savepoint(String name) {
        return new Operation.Request(Kind.SAVEPOINT, Optional.of(name), "");
    }

    private Answer ask(SimulatedJob job, Operation.Request request) {
        List<Answer> answers = new ArrayList<>();
        job.job().control().request(request, answers::add);
        assertThat(setup.world().runUntil(() -> !answers.isEmpty(), JobSetup.MINUTE_NS))
                .as("%s", setup.world().trace())
                .isTrue();
        return answers.getFirst();
    }

    private static Operation accepted(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Accepted.class);
        return ((Answer.Accepted) answer).operation();
    }

    private Operation ended(SimulatedJob job, long number) {
        assertThat(setup.world().runUntil(() -> find(job, number).state() != State.IN_PROGRESS, JobSetup.MINUTE_NS))
                .as("%s", setup.world().trace())
                .isTrue();
        return find(job, number);
    }

    private static Operation find(SimulatedJob job, long number) {
        return job.job().control().view().operations().stream()
                .filter(operation -> operation.number() == number)
                .findFirst()
                .orElseThrow();
    }
}
