package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollectionTest {
    private static final JobRoot ROOT = TestCoordinator.ROOT;
    private final MemoryObjectStore bucket = new MemoryObjectStore();
    private final Env env = TestProcess.env(bucket, 3);
    private final Collection collection = new Collection(env, ROOT);
    private final TestCoordinator coordinator = new TestCoordinator("host", bucket, 2);

    @BeforeEach
    void fourCheckpoints() throws InterruptedException {
        coordinator.begin();
        for (int i = 0; i < 4; i++) {
            coordinator.checkpoint(0);
        }
    }

    private List<Long> retained() {
        return coordinator.log().read().completed().stream()
                .map(entry -> ((LogRecord.Completed) entry.record()).checkpointId())
                .toList();
    }

    private void collect(int newest, Set<Long> needed) throws InterruptedException {
        collection.collect(coordinator.writer(), new Collection.Keep(newest, needed, 5), 6000);
        assertThat(TestCoordinator.keys(bucket))
                .containsExactlyInAnyOrderElementsOf(TestCoordinator.expectedKeys(bucket));
    }

    @Test
    void theNewestAreRetainedAndNothingElseIsLeft() throws InterruptedException {
        collect(3, Set.of());
        assertThat(retained()).containsExactly(2L, 3L, 4L);
        collect(1, Set.of());
        assertThat(retained()).containsExactly(4L);
        collect(3, Set.of());
        assertThat(retained()).containsExactly(4L);
    }

    @Test
    void whatAPendingCheckpointNeedsIsRetained() throws InterruptedException {
        collect(1, Set.of(2L));
        assertThat(retained()).containsExactly(2L, 3L, 4L);
        collect(1, Set.of(4L));
        assertThat(retained()).containsExactly(4L);
        assertThatThrownBy(() -> collect(1, Set.of(2L)))
                .hasMessage("HF-CKP-013: checkpoint 2 of default/wordcount/a1 is needed by a pending one, but is not"
                        + " retained");
    }

    @Test
    void whatIsNotCommittedYetIsRetained() throws InterruptedException {
        bucket.delete(List.of(ROOT.key(JobRoot.committed(4)), ROOT.key(JobRoot.committed(5))));
        collect(1, Set.of());
        assertThat(retained()).containsExactly(3L, 4L);
        new CommitMarkers(env, ROOT).write(5, coordinator.writer());
        collect(1, Set.of());
        assertThat(retained()).containsExactly(4L);
    }

    @Test
    void whatAGenerationRestoredIsRetainedUntilItCompletesItsOwn() throws InterruptedException {
        LogWriter second = coordinator
                .log()
                .begin(
                        "second",
                        1,
                        RestoreOnce.of(ROOT, new RestoreRequest.Checkpoint(2), ""),
                        view -> new RestoredFrom.Checkpoint(2, 3))
                .writer();
        collection.collect(second, new Collection.Keep(1, Set.of(), 5), 6000);
        assertThat(retained()).containsExactly(2L, 3L, 4L);
        assertThat(coordinator.log().read().resumeFrom()).isEqualTo(new RestoredFrom.Checkpoint(2, 3));
    }

    @Test
    void theSweepLeavesWhatIsPendingAndWhatIsNotOurs() throws InterruptedException {
        long generation = coordinator.writer().generation();
        String pending = ROOT.key(JobRoot.run(generation, 6, "abc"));
        String aborted = ROOT.key(JobRoot.run(generation, 5, "abc"));
        String newer = ROOT.key(JobRoot.pack(1, generation + 1, "w", "abc"));
        String foreign = ROOT.key("runs/README.txt");
        String neighbour = "default/wordcount/a10/log/00000000000000000001";
        for (String key : List.of(pending, aborted, newer, foreign, neighbour)) {
            bucket.put(key, Content.of(new byte[] {1}));
        }
        collection.sweep(coordinator.writer(), new Collection.Keep(1, Set.of(), 6));
        assertThat(TestCoordinator.keys(bucket))
                .contains(pending, newer, foreign, neighbour)
                .doesNotContain(aborted);
        assertThat(retained()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void nothingIsKeptOnlyAfterTheEnd() {
        assertThatThrownBy(() -> collect(0, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only for a job that has ended");
    }

    @Test
    void aFencedCoordinatorDeletesNothing() throws InterruptedException {
        TestCoordinator newer = new TestCoordinator("newer", bucket, 4);
        newer.begin();
        List<String> before = TestCoordinator.keys(bucket);
        assertThatThrownBy(() -> coordinator.collect(1)).isInstanceOf(FencedException.class);
        assertThatThrownBy(coordinator::sweep).isInstanceOf(FencedException.class);
        assertThat(TestCoordinator.keys(bucket)).isEqualTo(before);
    }

    @Test
    void aCoordinatorThatIsTakenOverWhileItDeletesStopsAtTheNextBatch() throws InterruptedException {
        boolean[] taken = {false};
        FaultyObjectStore view = new FaultyObjectStore(bucket, (number, operation, key) -> {
            if (operation.equals("delete") && !taken[0]) {
                taken[0] = true;
                beginAnother();
            }
            return FaultPlan.Fault.NONE;
        });
        TestCoordinator second = new TestCoordinator("second", view, 6);
        second.begin();
        assertThatThrownBy(() -> second.collect(1)).isInstanceOf(FencedException.class);
        assertThat(taken[0]).isTrue();
        assertThat(TestCoordinator.keys(bucket)).anyMatch(key -> key.contains("/00000000000000000001/manifest-"));
    }

    private void beginAnother() {
        try {
            new TestCoordinator("third", bucket, 7).begin();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void thousandsOfObjectsGoInBatches() throws InterruptedException {
        for (int i = 0; i < 2500; i++) {
            bucket.put(ROOT.key(JobRoot.run(1, 1, "left" + i)), Content.of(new byte[] {1}));
        }
        Collection.Outcome outcome = collection.sweep(coordinator.writer(), new Collection.Keep(1, Set.of(), 5));
        assertThat(outcome.deletedObjects()).isEqualTo(2500);
        assertThat(TestCoordinator.keys(bucket))
                .containsExactlyInAnyOrderElementsOf(TestCoordinator.expectedKeys(bucket));
    }
}
