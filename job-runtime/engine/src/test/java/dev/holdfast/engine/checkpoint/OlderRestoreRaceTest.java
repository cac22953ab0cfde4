package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Env;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A person restores an older checkpoint by its number, while the running coordinator is about to collect that one. */
class OlderRestoreRaceTest {
    private static final int CHOSEN = 1;

    private final LogAudit bucket = new LogAudit();
    private boolean ready;
    private boolean begun;

    private static OlderRestoreRaceTest race(int collectorFirst, int restorer, int collectorThen) {
        OlderRestoreRaceTest race = new OlderRestoreRaceTest();
        Turns collector = Turns.start(race.bucket, objects -> {
            TestCoordinator coordinator = new TestCoordinator("collecting", objects, 5);
            coordinator.begin();
            for (int i = 0; i < 3; i++) {
                coordinator.checkpoint(0);
            }
            race.ready = true;
            coordinator.collect(1);
        });
        while (!race.ready) {
            collector.step();
        }
        Turns restoring = Turns.start(race.bucket, objects -> {
            Env env = TestProcess.env(objects, 7);
            RestorePoints points = new RestorePoints(env, TestCoordinator.ROOT);
            new JobLog(env, TestCoordinator.ROOT)
                    .begin(
                            "restoring",
                            1,
                            RestoreOnce.of(TestCoordinator.ROOT, new RestoreRequest.Checkpoint(CHOSEN), ""),
                            view -> points.resolve(
                                            view,
                                            new RestoreRequest.Checkpoint(CHOSEN),
                                            false,
                                            RestorePoints.Verify.MANIFEST,
                                            Set.of())
                                    .orElseThrow()
                                    .from());
            race.begun = true;
        });
        collector.steps(collectorFirst);
        restoring.steps(restorer);
        collector.steps(collectorThen);
        restoring.toEnd();
        collector.toEnd();
        race.check(collector, restoring, collectorFirst + ", " + restorer + ", " + collectorThen);
        return race;
    }

    private void check(Turns collector, Turns restoring, String what) {
        Throwable lost = restoring.error();
        assertThat(lost == null
                        || (lost instanceof HoldfastException e
                                && e.code().equals(CheckpointErrors.NO_SUCH_CHECKPOINT)))
                .as("%s: restoring ended by %s", what, lost)
                .isTrue();
        Throwable stopped = collector.error();
        assertThat(stopped == null || stopped instanceof FencedException)
                .as("%s: collecting ended by %s", what, stopped)
                .isTrue();
        LogView view = new JobLog(TestProcess.env(bucket, 0), TestCoordinator.ROOT).read();
        if (begun) {
            // Whoever began has what it chose, to the last byte, and still has it when it starts once more.
            assertThat(view.resumeFrom()).as(what).isEqualTo(new RestoredFrom.Checkpoint(CHOSEN, 2));
            Manifest manifest = new RestorePoints(TestProcess.env(bucket, 0), TestCoordinator.ROOT)
                    .resolve(view, new RestoreRequest.Latest(), false, RestorePoints.Verify.CHECKSUMS, Set.of())
                    .orElseThrow()
                    .manifest();
            assertThat(manifest.checkpointId()).isEqualTo(CHOSEN);
        } else {
            assertThat(view.resumeFrom()).as(what).isEqualTo(new RestoredFrom.Checkpoint(3, 4));
        }
    }

    @Test
    void eitherTheRestoreWinsAndHasAllOfItOrItIsToldThatItIsGone() {
        boolean won = false;
        boolean lost = false;
        for (int first = 0; first <= 40; first++) {
            for (int restorer = 0; restorer <= 20; restorer++) {
                for (int then : new int[] {0, 1, 2, 3, 5, 8, 100}) {
                    boolean begun = race(first, restorer, then).begun;
                    won |= begun;
                    lost |= !begun;
                }
            }
        }
        assertThat(won && lost).isTrue();
    }
}
