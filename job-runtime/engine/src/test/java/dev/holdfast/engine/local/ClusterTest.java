package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.env.simulated.SimulatedNetwork;
import dev.holdfast.engine.local.SimulatedCluster.Coordinating;
import dev.holdfast.engine.local.SimulatedCluster.Working;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job whose coordinator and workers are processes: what happens when one of them is late, dies, hangs or is cut off. */
class ClusterTest {
    private static final long MINUTE_NS = JobSetup.MINUTE_NS;

    private final JobSetup base = JobSetup.of(11).parallelism(3);
    private final EverythingJob job = new EverythingJob(new EverythingJob.World(), 3_000, 40, 30);
    private final SimulatedCluster cluster = new SimulatedCluster(base, job);

    @AfterEach
    void end() {
        base.world().end();
    }

    @Test
    void runsOverSeveralWorkersAndEndsThemWhenItHasEnded() {
        Coordinating coordinator = cluster.startCoordinator(base);
        for (int i = 0; i < 3; i++) {
            cluster.startWorker("a" + i, 1);
        }

        finish(coordinator);

        run(() -> cluster.workers().stream().allMatch(worker -> worker.ended != null), "workers end");
        assertThat(cluster.workers()).extracting(worker -> worker.ended).allMatch(text -> text.contains("FINISHED"));
    }

    @Test
    void saysWhatItWaitsForAndStartsAsSoonAsItIsThere() {
        Coordinating coordinator = cluster.startCoordinator(base);
        cluster.startWorker("a", 1);
        run(() -> coordinator.status.message().contains("1 offered"), "one slot is offered");
        assertThat(coordinator.status.phase()).isEqualTo(Phase.WAITING);
        assertThat(coordinator.status.message()).isEqualTo("waiting for slots: 3 needed, 1 offered");

        cluster.startWorker("b", 2);

        finish(coordinator);
    }

    @Test
    void workersThatAreThereBeforeTheirCoordinatorFindIt() {
        for (int i = 0; i < 3; i++) {
            cluster.startWorker("a" + i, 1);
        }
        base.pass(3_000);

        finish(cluster.startCoordinator(base));
    }

    @Test
    void aSpareTakesTheSlotsOfAKilledWorkerAtOnce() {
        Coordinating coordinator = running(3);
        cluster.startWorker("spare", 1);
        Working victim = cluster.workers().getFirst();
        base.pass(200);

        long killedNs = base.world().nowNs();
        victim.process.kill();
        run(() -> coordinator.status.restarts() == 1 && coordinator.status.phase() == Phase.RUNNING, "runs again");

        assertThat(base.world().nowNs() - killedNs)
                .as("%s", base.world().trace())
                .isLessThan(500_000_000);
        finish(coordinator);
    }

    @Test
    void aWorkerThatHangsIsLostAfterTheTimeoutAndDiscardsWhatItHasWhenItWakesUp() {
        Coordinating coordinator = running(3);
        cluster.startWorker("spare", 1);
        Working victim = cluster.workers().getFirst();
        base.pass(200);

        long frozenNs = base.world().nowNs();
        victim.process.freeze();
        run(() -> coordinator.status.restarts() == 1 && coordinator.status.phase() == Phase.RUNNING, "runs again");

        assertThat(base.world().nowNs() - frozenNs)
                .as("%s", base.world().trace())
                .isBetween(1_500_000_000L, 3_000_000_000L);
        victim.process.wake();
        finish(coordinator);
    }

    @Test
    void aWorkerThatLeavesHandsItsWorkOverAtACheckpoint() {
        Coordinating coordinator = running(3);
        cluster.startWorker("spare", 1);
        Working leaving = cluster.workers().getFirst();
        base.pass(200);

        long checkpoints = coordinator.status.completedCheckpoints();
        leaving.worker.leave("it is told to", 5_000);
        run(() -> leaving.ended != null, "it has ended");
        run(() -> coordinator.status.restarts() == 1 && coordinator.status.phase() == Phase.RUNNING, "runs again");

        assertThat(coordinator.status.restoredCheckpoint()).isGreaterThan(checkpoints);
        assertThat(coordinator.coordinator.control().view().failures().count()).isZero();
        finish(coordinator);
    }

    @Test
    void aWorkerThatLeavesDoesNotWaitForACheckpointThatDoesNotCome() {
        Coordinating coordinator = running(3);
        cluster.startWorker("spare", 1);
        Working leaving = cluster.workers().getFirst();
        // The other worker answers nothing, and is not missed yet.
        cluster.workers().get(1).process.freeze();

        long toldNs = base.world().nowNs();
        leaving.worker.leave("it is told to", 700);
        run(() -> leaving.ended != null, "it has ended");

        assertThat(base.world().nowNs() - toldNs).isBetween(700_000_000L, 1_500_000_000L);
        cluster.workers().get(1).process.wake();
        finish(coordinator);
    }

    @Test
    void theJobGoesOnWhenTheCoordinatorIsKilledAndStartedAgain() {
        Coordinating first = running(3);
        base.pass(200);

        first.process.kill();
        base.pass(100);
        Coordinating second = cluster.startCoordinator(base);

        finish(second);
        assertThat(second.status.restoredCheckpoint()).isPositive();
    }

    @Test
    void aCoordinatorThatWakesUpBesideANewOneIsFenced() {
        Coordinating first = running(3);
        base.pass(200);

        first.process.freeze();
        Coordinating second = cluster.startCoordinator(base);
        run(() -> second.status.phase() == Phase.RUNNING, "the second runs");
        first.process.wake();

        finish(second);
        run(() -> first.status.phase().isFinal(), "the first one ends");
        assertThat(first.status.phase()).isEqualTo(Phase.FENCED);
    }

    @Test
    void aWorkerThatWasCutOffWhenTheJobEndedFindsItInTheLog() {
        Coordinating coordinator = running(3);
        Working spare = cluster.startWorker("spare", 1);
        base.pass(200);
        cluster.network().partition(spare.process.name(), coordinator.process.name(), SimulatedNetwork.Direction.BOTH);

        finish(coordinator);

        run(() -> spare.ended != null, "the worker that was cut off ends");
        assertThat(spare.ended).isEqualTo("FINISHED: all input is processed");
    }

    @Test
    void aWorkerThatHasNotWorkedYetWaitsForTheCoordinatorThatBeginsAnEndedJobAgain() {
        finish(running(3));
        Working late = cluster.startWorker("late", 1);

        base.pass(60_000);

        assertThat(late.ended).isNull();
        assertThat(late.process.isAlive()).isTrue();
    }

    @Test
    void aCutBetweenWorkersRestartsTheAttempt() {
        Coordinating coordinator = running(3);
        base.pass(200);

        cluster.network()
                .cut(
                        cluster.workers().get(0).process.name(),
                        cluster.workers().get(1).process.name());

        finish(coordinator);
        assertThat(coordinator.status.restarts()).isEqualTo(1);
    }

    @Test
    void aWorkerOfAnotherJobIsRefused() {
        Coordinating coordinator = cluster.startCoordinator(base);
        Working stranger = cluster.startWorker("stranger", 3, base.as(new JobRoot("test", "other", "1")));

        run(() -> stranger.worker.status().text().contains("refused"), "the worker is refused");

        assertThat(stranger.worker.status().text())
                .contains("refused: worker stranger is of job test/other/1/, this coordinator of test/job/1/");
        assertThat(coordinator.status.phase()).isIn(Phase.STARTING, Phase.WAITING);
    }

    private Coordinating running(int workers) {
        Coordinating coordinator = cluster.startCoordinator(base);
        for (int i = 0; i < workers; i++) {
            cluster.startWorker("a" + i, 1);
        }
        run(() -> coordinator.status.phase() == Phase.RUNNING, "the job runs");
        return coordinator;
    }

    private void finish(Coordinating coordinator) {
        run(() -> coordinator.status.phase().isFinal(), "the job ends");
        assertThat(coordinator.status.phase())
                .as("%s: %s", coordinator.status, base.world().trace())
                .isEqualTo(Phase.FINISHED);
        base.pass(500);
        cluster.workers().forEach(worker -> assertThat(worker.process.failure()).isNull());
        new EverythingCheck(job, base, "cluster").check("job");
    }

    private void run(BooleanSupplier done, String what) {
        assertThat(base.world().runUntil(done, MINUTE_NS))
                .as("%s: %s", what, base.world().trace())
                .isTrue();
    }
}
