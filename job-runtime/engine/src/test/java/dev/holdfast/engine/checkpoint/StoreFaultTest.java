package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultPlan.Fault;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.SimulatedCrash;
import dev.holdfast.engine.env.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One fault at every single operation on the store, then a new coordinator that knows nothing but the bucket. */
class StoreFaultTest {

    /** When a write that the store held back is done. */
    private enum Late {
        BEFORE_RESTART,
        AFTER_RESTART
    }

    private static void firstLife(TestCoordinator coordinator) throws InterruptedException {
        coordinator.begin();
        coordinator.checkpoint(2);
        coordinator.checkpoint(2);
        coordinator.abortedCheckpoint();
        coordinator.savepoint("mine");
        coordinator.checkpoint(1);
        coordinator.sweep();
        coordinator.checkpoint(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE"})
    void aFaultAtEachOperationLeavesAJobThatRestoresAndExactlyWhatIsReachable(Fault fault) throws InterruptedException {
        long operations = faultAt(-1, fault, Late.BEFORE_RESTART);
        assertThat(operations).isGreaterThan(50);
        for (long number = 0; number < operations; number++) {
            faultAt(number, fault, Late.BEFORE_RESTART);
            if (fault == Fault.DELAY) {
                faultAt(number, fault, Late.AFTER_RESTART);
            }
        }
    }

    private static long faultAt(long number, Fault fault, Late late) throws InterruptedException {
        String what = fault + " at operation " + number + ", late writes " + late;
        LogAudit bucket = new LogAudit();
        FaultyObjectStore view = new FaultyObjectStore(bucket, FaultPlan.once(number, fault));
        TestCoordinator first = new TestCoordinator("first", view, 7);
        long completedBefore = 0;
        try {
            firstLife(first);
        } catch (SimulatedCrash e) {
            assertThat(view.crashed()).as(what).isTrue();
        } catch (StoreException e) {
            assertThat(e.kind().isTransient()).as(what + ": " + e).isTrue();
        } catch (HoldfastException e) {
            // The record of a collection; the coordinator would collect again later.
            assertThat(e.code()).as(what + ": " + e).isEqualTo(CheckpointErrors.APPEND_UNRESOLVED);
        }
        bucket.checkBelief(first);
        for (LogEntry entry : first.appended) {
            if (entry.record() instanceof LogRecord.Completed completed) {
                completedBefore = completed.checkpointId();
            }
        }
        if (late == Late.BEFORE_RESTART) {
            view.deliverLateWrites();
        }
        // The new one restores what the dead one knew to be complete, or a checkpoint after it whose answer was lost.
        TestCoordinator second = new TestCoordinator("second", bucket, 8);
        second.begin();
        long restored = second.last() == null ? 0 : second.last().checkpointId();
        assertThat(restored).as(what).isGreaterThanOrEqualTo(completedBefore);
        second.checkpoint(1);
        view.deliverLateWrites();
        second.sweep();
        TestCoordinator third = new TestCoordinator("third", bucket, 9);
        third.begin();
        third.checkpoint(1);
        third.sweep();
        assertThat(TestCoordinator.keys(bucket))
                .as(what)
                .containsExactlyInAnyOrderElementsOf(TestCoordinator.expectedKeys(bucket));
        return view.operations();
    }

    @Test
    void aCollectionThatDiedAnywhereIsFinishedByTheNextOne() throws InterruptedException {
        for (int crash = 0; ; crash++) {
            LogAudit bucket = new LogAudit();
            TestCoordinator before = new TestCoordinator("before", bucket, 3);
            before.begin();
            for (int i = 0; i < 4; i++) {
                before.checkpoint(0);
            }
            int at = crash;
            long[] begunAt = {Integer.MAX_VALUE};
            FaultyObjectStore view = new FaultyObjectStore(
                    bucket, (number, operation, key) -> number - begunAt[0] >= at ? Fault.CRASH_AFTER : Fault.NONE);
            TestCoordinator dying = new TestCoordinator("dying", view, 4);
            dying.begin();
            dying.checkpoint(0);
            begunAt[0] = view.operations();
            boolean crashed = false;
            try {
                dying.collect(1);
            } catch (SimulatedCrash e) {
                crashed = true;
            }
            // Only its log and collection, no sweep: every slot leads to its garbage.
            TestCoordinator next = new TestCoordinator("next", bucket, 5);
            next.begin();
            next.collect(1);
            assertThat(TestCoordinator.keys(bucket))
                    .as("crash after operation %s of the collection", crash)
                    .containsExactlyInAnyOrderElementsOf(TestCoordinator.expectedKeys(bucket));
            if (!crashed) {
                assertThat(crash).isGreaterThan(20);
                return;
            }
        }
    }

    @Test
    void anEndWithoutRetentionLeavesNothingButTheEndAndWhatItGaveUp() throws InterruptedException {
        LogAudit bucket = new LogAudit();
        TestCoordinator coordinator = new TestCoordinator("only", bucket, 3);
        coordinator.begin();
        coordinator.checkpoint(2);
        coordinator.checkpoint(2);
        coordinator.abortedCheckpoint();
        coordinator.end();
        coordinator.collect(0);
        coordinator.sweep();
        LogView view = coordinator.log().read();
        assertThat(view.ended()).isPresent();
        assertThat(view.resumeFrom()).isEqualTo(new RestoredFrom.Nothing());
        assertThat(TestCoordinator.keys(bucket))
                .containsExactlyInAnyOrder(
                        TestCoordinator.ROOT.key(JobRoot.logSlot(view.boundary())),
                        TestCoordinator.ROOT.key(JobRoot.logSlot(view.boundary() + 1)),
                        TestCoordinator.ROOT.key(JobRoot.boundary(view.boundary())));
    }
}
