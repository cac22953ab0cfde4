package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a read of the log costs, and that Begins which it passes over decide nothing. */
class LogReadTest {
    private static final JobRoot ROOT = TestCoordinator.ROOT;
    private static final int BEGINS = 2_000;
    private static final RestoreOnce LATEST = RestoreOnce.of(ROOT, new RestoreRequest.Latest(), "");

    private final MemoryObjectStore bucket = new MemoryObjectStore();

    private long processes;

    /** As another process sees it. */
    private JobLog log() {
        return new JobLog(TestProcess.env(bucket, 100 + processes++), ROOT);
    }

    @Test
    void aReadAfterManyStartsWithoutACheckpointTakesFewOperations() throws InterruptedException {
        twoCheckpoints();
        LogView before = log().read();
        crashLoop();
        FaultyObjectStore counted = new FaultyObjectStore(bucket, FaultPlan.none());

        LogView after = new JobLog(TestProcess.env(counted, 2), ROOT).read();

        // Lists of boundary, markers and slots (three pages), and the slots that count.
        assertThat(counted.operations()).isLessThan(6 + before.entries().size() + 1);
        assertThat(after.nextSlot()).isEqualTo(before.nextSlot() + BEGINS);
        assertThat(after.generation()).isEqualTo(after.nextSlot() - 1);
        assertThat(after.resumeFrom()).isEqualTo(before.resumeFrom());
        assertThat(after.history()).isEqualTo(before.history());
        assertThat(after.completed()).isEqualTo(before.completed());
        assertThat(after.nextCheckpointId()).isEqualTo(before.nextCheckpointId());
    }

    @Test
    void aStartAfterManyWithoutACheckpointIsTheNewestGenerationAndFencesTheOneBefore() throws InterruptedException {
        twoCheckpoints();
        LogWriter before = crashLoop();

        LogWriter newest = begin();

        assertThat(newest.generation()).isEqualTo(before.generation() + 1);
        assertThatThrownBy(before::checkCurrent).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> before.append(new LogRecord.Collected(1, Optional.empty()), 1))
                .isInstanceOf(FencedException.class);
        newest.checkCurrent();
    }

    @Test
    void theFirstCheckpointAfterManyStartsFreesTheirSlots() throws InterruptedException {
        twoCheckpoints();
        crashLoop();
        TestCoordinator last = new TestCoordinator("last", bucket, 5);
        last.begin();
        last.checkpoint(1);

        assertThat(bucket.list(ROOT.key("log/"), null, 1000)).hasSizeLessThan(5);
    }

    @Test
    void aReplacedBeginIsNotMissedAndOneThatCountsIs() throws InterruptedException {
        twoCheckpoints();
        LogView view = log().read();
        begin();
        begin();
        begin();
        bucket.delete(List.of(log().slotKey(view.nextSlot()), log().slotKey(view.nextSlot() + 1)));
        assertThat(log().read().resumeFrom()).isEqualTo(view.resumeFrom());

        bucket.delete(List.of(log().slotKey(view.nextSlot() - 1)));
        assertThatThrownBy(() -> log().read())
                .hasMessageContaining("HF-CKP-002")
                .hasMessageContaining(JobRoot.logSlot(view.nextSlot() - 1) + "' is missing");
    }

    @Test
    void whatIsPassedOverChangesNoAnswer() throws InterruptedException {
        long seed = Long.getLong("holdfast.seed", 11);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            MemoryObjectStore own = new MemoryObjectStore();
            JobLog log = new JobLog(TestProcess.env(own, round), ROOT);
            List<LogEntry> all = new ArrayList<>();
            for (int start = 0; start < 12; start++) {
                LogView view = log.read();
                RestoredFrom from = from(view, random);
                RestoreRequest asked = random.nextInt(4) == 0
                        ? new RestoreRequest.Checkpoint(1 + random.nextInt(3))
                        : new RestoreRequest.Latest();
                LogWriter writer = log.begin("w", 1, RestoreOnce.of(ROOT, asked, ""), seen -> from)
                        .writer();
                all.add(log.readSlot(writer.generation()).orElseThrow());
                for (int more = random.nextInt(5) - 2; more > 0; more--) {
                    all.add(writer.append(record(view.nextCheckpointId() + 5 - more, random, log), 1));
                }
            }
            String what = "round " + round + ", -Dholdfast.seed=" + seed;
            LogView read = log.read();
            LogView full = withEverySlot(all);
            assertThat(read.entries().size()).as(what).isLessThanOrEqualTo(all.size());
            assertThat(read.nextSlot()).as(what).isEqualTo(full.nextSlot());
            assertThat(read.generation()).as(what).isEqualTo(full.generation());
            assertThat(read.resumeFrom()).as(what).isEqualTo(full.resumeFrom());
            assertThat(read.history()).as(what).isEqualTo(full.history());
            assertThat(read.completed()).as(what).isEqualTo(full.completed());
            assertThat(read.needsCommit()).as(what).isEqualTo(full.needsCommit());
            assertThat(read.honoured()).as(what).isEqualTo(full.honoured());
            assertThat(read.ended()).as(what).isEqualTo(full.ended());
            assertThat(read.nextCheckpointId()).as(what).isEqualTo(full.nextCheckpointId());
            assertThat(read.lastBegin()).as(what).isEqualTo(full.lastBegin());
        }
    }

    /** As if no slot were passed over. */
    private static LogView withEverySlot(List<LogEntry> all) {
        return new LogView(1, all, Set.of());
    }

    private static RestoredFrom from(LogView view, Random random) {
        List<LogEntry> completed = view.completed();
        if (random.nextInt(3) == 0 && !completed.isEmpty()) {
            LogEntry entry = completed.get(random.nextInt(completed.size()));
            return new RestoredFrom.Checkpoint(((LogRecord.Completed) entry.record()).checkpointId(), entry.slot());
        }
        return random.nextInt(6) == 0 ? new RestoredFrom.Nothing() : view.resumeFrom();
    }

    private static LogRecord record(long id, Random random, JobLog log) {
        ManifestRef ref = new ManifestRef("checkpoints/m" + id, 10, 1);
        return switch (random.nextInt(6)) {
            case 0 -> new LogRecord.Savepoint(id, "s", ref);
            case 1 -> new LogRecord.End(LogRecord.Reason.FAILED, "x", Optional.empty());
            case 2 -> new LogRecord.Collected(1, log.read().honoured());
            default -> new LogRecord.Completed(id, ref, random.nextBoolean());
        };
    }

    private void twoCheckpoints() throws InterruptedException {
        TestCoordinator first = new TestCoordinator("first", bucket, 3);
        first.begin();
        first.checkpoint(2);
        first.checkpoint(2);
        first.checkpoint(2);
    }

    private LogWriter begin() throws InterruptedException {
        return log().begin("host", 1, LATEST, LogView::resumeFrom).writer();
    }

    private LogWriter crashLoop() throws InterruptedException {
        LogWriter last = begin();
        for (int i = 1; i < BEGINS; i++) {
            last = begin();
        }
        return last;
    }
}
