package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultPlan.Fault;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class JobLogTest {
    private static final JobRoot ROOT = TestCoordinator.ROOT;
    private final MemoryObjectStore bucket = new MemoryObjectStore();

    private JobLog log(ObjectStore store, long seed) {
        return new JobLog(TestProcess.env(store, seed), ROOT);
    }

    private static LogWriter begin(JobLog log, String writer, RestoredFrom restored) throws InterruptedException {
        return begin(log, writer, new RestoreRequest.Latest(), restored);
    }

    private static LogWriter begin(JobLog log, String writer, RestoreRequest request, RestoredFrom restored)
            throws InterruptedException {
        return log.begin(writer, 5, RestoreOnce.of(ROOT, request, ""), view -> restored)
                .writer();
    }

    private static LogRecord.Completed completed(long id) {
        return new LogRecord.Completed(id, new ManifestRef("checkpoints/m" + id, 10, 1), true);
    }

    @Test
    void anEmptyBucketIsAnEmptyLog() {
        LogView view = log(bucket, 1).read();
        assertThat(view.boundary()).isEqualTo(1);
        assertThat(view.nextSlot()).isEqualTo(1);
        assertThat(view.generation()).isZero();
        assertThat(view.nextCheckpointId()).isEqualTo(1);
        assertThat(view.resumeFrom()).isEqualTo(new RestoredFrom.Nothing());
        assertThat(view.history()).isEmpty();
        assertThat(view.needsCommit()).isEmpty();
        assertThat(view.ended()).isEmpty();
    }

    @Test
    void whatWasAppendedIsReadWithSlotsAndGenerations() throws InterruptedException {
        JobLog log = log(bucket, 1);
        LogWriter first = begin(log, "a", new RestoredFrom.Nothing());
        first.append(completed(1), 7);
        LogWriter second = begin(log, "b", new RestoredFrom.Checkpoint(1, 2));
        second.append(new LogRecord.Savepoint(2, "s", new ManifestRef("savepoints/s/manifest", 10, 1)), 8);
        second.append(new LogRecord.End(LogRecord.Reason.SUSPENDED, "stopped", Optional.of("s")), 9);
        LogView view = log.read();
        assertThat(view.entries()).extracting(LogEntry::slot).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(view.entries()).extracting(LogEntry::generation).containsExactly(1L, 1L, 3L, 3L, 3L);
        assertThat(view.entries()).extracting(LogEntry::wallMs).containsExactly(5L, 7L, 5L, 8L, 9L);
        assertThat(view.nextCheckpointId()).isEqualTo(3);
        assertThat(view.ended()).isPresent();
        assertThat(view.resumeFrom()).isEqualTo(new RestoredFrom.Checkpoint(1, 2));
        assertThat(view.completed(1)).map(LogEntry::slot).contains(2L);
        assertThat(view.lastBegin()).map(LogEntry::slot).contains(3L);
    }

    @Test
    void anOlderCheckpointIsNotLoggedAfterANewerOne() throws InterruptedException {
        LogWriter writer = begin(log(bucket, 1), "a", new RestoredFrom.Nothing());
        writer.append(completed(2), 7);
        assertThatThrownBy(() -> writer.append(completed(1), 8))
                .hasMessageContaining("checkpoint 1 of ")
                .hasMessageContaining("cannot be logged after checkpoint 2, whose output may be committed");
        assertThat(writer.append(completed(3), 9).slot()).isEqualTo(3);
    }

    @Test
    void theOlderWriterIsFencedByNameOfTheNewer() throws InterruptedException {
        JobLog log = log(bucket, 1);
        LogWriter older = begin(log, "host-a", new RestoredFrom.Nothing());
        LogWriter newer = begin(log(bucket, 2), "host-b", new RestoredFrom.Nothing());
        assertThatThrownBy(() -> older.append(completed(1), 7))
                .isInstanceOf(FencedException.class)
                .hasMessage(
                        "HF-CKP-001: generation 1 of job default/wordcount/a1 was taken over and must stop: slot 2 of"
                                + " its log is taken by generation 2 (host-b). If that coordinator was not meant to run,"
                                + " stop it");
        assertThatThrownBy(older::checkCurrent).isInstanceOf(FencedException.class);
        newer.checkCurrent();
        newer.append(completed(1), 7);
        assertThat(log.read().generation()).isEqualTo(2);
    }

    @Test
    void aWriterWhoseSlotWasCollectedIsFencedAlthoughItsPutSucceeds() throws InterruptedException {
        JobLog log = log(bucket, 1);
        LogWriter older = begin(log, "host-a", new RestoredFrom.Nothing());
        TestCoordinator newer = new TestCoordinator("host-b", bucket, 2);
        newer.begin();
        newer.checkpoint(1);
        newer.checkpoint(1);
        assertThat(bucket.get(log.slotKey(2))).isNull();
        assertThatThrownBy(() -> older.append(completed(1), 7))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("slot 2 of its log was collected by generation 2, which moved the boundary to 5");
        assertThat(bucket.get(log.slotKey(2))).isNotNull();
        assertThat(log.read().boundary()).isEqualTo(5);
    }

    @Test
    void anOldBoundaryWrittenLateChangesNothing() throws InterruptedException {
        TestCoordinator coordinator = new TestCoordinator("host", bucket, 2);
        coordinator.begin();
        coordinator.checkpoint(1);
        coordinator.checkpoint(1);
        LogView before = coordinator.log().read();
        bucket.put(ROOT.key(JobRoot.boundary(before.boundary() - 1)), Content.of(new byte[0]));
        assertThat(coordinator.log().read()).isEqualTo(before);
    }

    @Test
    void aLostAnswerToAnAppendIsFoundToBeItsOwn() throws InterruptedException {
        FaultyObjectStore view = new FaultyObjectStore(bucket, failPuts("log/", Fault.FAIL_AFTER, 1));
        LogWriter writer = begin(log(bucket, 1), "a", new RestoredFrom.Nothing());
        LogWriter onFaulty =
                new LogWriter(TestProcess.env(view, 3), ROOT, log(view, 3), writer.generation(), writer.token());
        assertThat(onFaulty.append(completed(1), 7).slot()).isEqualTo(2);
        assertThat(log(bucket, 4).read().entries()).hasSize(2);
    }

    @Test
    void whileAnAppendIsOpenNothingElseIsAppended() throws InterruptedException {
        AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
        FaultyObjectStore view = new FaultyObjectStore(
                bucket, (number, operation, key) -> operation.equals("putIfAbsent") ? fault.get() : Fault.NONE);
        LogWriter writer = begin(log(view, 1), "a", new RestoredFrom.Nothing());
        fault.set(Fault.DELAY);
        assertThatThrownBy(() -> writer.append(completed(1), 7))
                .isInstanceOf(HoldfastException.class)
                .hasMessageStartingWith(
                        "HF-CKP-005: whether slot 2 of the log of default/wordcount/a1 holds Completed");
        fault.set(Fault.NONE);
        assertThatThrownBy(() -> writer.append(completed(2), 8))
                .hasMessageStartingWith("HF-CKP-005: cannot append Completed[checkpointId=2")
                .hasMessageContaining("Append that again, or restart the coordinator");
        writer.checkCurrent();
        writer.append(completed(1), 9);
        view.deliverLateWrites();
        writer.append(completed(2), 10);
        assertThat(log(bucket, 2).read().completed()).hasSize(2);
        assertThat(log(bucket, 2).read().entries().get(1).wallMs()).isEqualTo(7);
    }

    @Test
    void anAppendThatCertainlyFailedLeavesTheSlotToAnother() throws InterruptedException {
        AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
        FaultyObjectStore view = new FaultyObjectStore(bucket, (number, operation, key) -> fault.get());
        LogWriter writer = begin(log(view, 1), "a", new RestoredFrom.Nothing());
        fault.set(Fault.FAIL_BEFORE);
        assertThatThrownBy(() -> writer.append(completed(1), 7)).isInstanceOf(StoreException.class);
        fault.set(Fault.NONE);
        assertThat(writer.append(completed(2), 8).slot()).isEqualTo(2);
    }

    @Test
    void aBeginGoesToNobodyElseWhenTheLogMovedAfterTheChoice() throws InterruptedException {
        JobLog log = log(bucket, 1);
        LogView view = log.read();
        begin(log(bucket, 2), "b", new RestoredFrom.Nothing());
        assertThat(log.tryBegin(view, "a", new RestoredFrom.Nothing(), Optional.empty(), 5))
                .isEmpty();
    }

    @Test
    void aDeletedEndOfTheLogIsNoticedByItsMarker() throws InterruptedException {
        TestCoordinator coordinator = new TestCoordinator("host", bucket, 2);
        coordinator.begin();
        coordinator.checkpoint(0);
        coordinator.checkpoint(0);
        bucket.delete(List.of(coordinator.log().slotKey(3)));
        assertThatThrownBy(() -> coordinator.log().read())
                .hasMessageContaining("HF-CKP-002")
                .hasMessageContaining("log/00000000000000000003' is missing");
    }

    @Test
    void historyTurnsBackWhereABeginRestoredAnOlderCheckpoint() throws InterruptedException {
        JobLog log = log(bucket, 1);
        LogWriter first = begin(log, "a", new RestoredFrom.Nothing());
        first.append(completed(1), 1);
        first.append(completed(2), 1);
        first.append(completed(3), 1);
        begin(log, "b", new RestoredFrom.Checkpoint(1, 2));
        assertThat(log.read().resumeFrom()).isEqualTo(new RestoredFrom.Checkpoint(1, 2));
        assertThat(log.read().history()).extracting(LogEntry::slot).containsExactly(2L);
        LogWriter third = begin(log, "c", new RestoredFrom.Checkpoint(1, 2));
        assertThat(log.read().nextCheckpointId()).isEqualTo(4);
        third.append(completed(4), 1);
        assertThat(log.read().history()).extracting(LogEntry::slot).containsExactly(7L, 2L);
        assertThat(log.read().completed()).extracting(LogEntry::slot).containsExactly(2L, 3L, 4L, 7L);
        begin(log, "d", new RestoredFrom.Savepoint("ns/j/i/savepoints/x/"));
        assertThat(log.read().history()).isEmpty();
        assertThat(log.read().resumeFrom()).isEqualTo(new RestoredFrom.Savepoint("ns/j/i/savepoints/x/"));
        begin(log, "e", new RestoredFrom.Nothing());
        assertThat(log.read().resumeFrom()).isEqualTo(new RestoredFrom.Nothing());
    }

    @Test
    void aMarkerSettlesAllTransactionsBeforeIt() throws InterruptedException {
        JobLog log = log(bucket, 1);
        Env env = TestProcess.env(bucket, 9);
        LogWriter writer = begin(log, "a", new RestoredFrom.Nothing());
        for (int id = 1; id <= 4; id++) {
            writer.append(completed(id), 1);
        }
        assertThat(log.read().needsCommit()).extracting(LogEntry::slot).containsExactly(2L, 3L, 4L, 5L);
        CommitMarkers markers = new CommitMarkers(env, ROOT);
        markers.write(3, writer);
        markers.write(3, writer);
        assertThat(markers.exists(3)).isTrue();
        assertThat(markers.exists(4)).isFalse();
        assertThat(log.read().needsCommit()).extracting(LogEntry::slot).containsExactly(4L, 5L);
    }

    private static FaultPlan failPuts(String part, Fault fault, int times) {
        int[] left = {times};
        return (number, operation, key) ->
                operation.equals("putIfAbsent") && key.contains(part) && left[0]-- > 0 ? fault : Fault.NONE;
    }
}
