package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.Collection;
import dev.holdfast.engine.checkpoint.JobLog;
import dev.holdfast.engine.checkpoint.LogWriter;
import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is no longer retained, in the background, one collection at a time. On the coordinator's thread.
 *
 * <p>A collection after each checkpoint deletes what the log has given up. A sweep lists the whole job for what never came into the
 * log: with the first checkpoint of a generation, then now and then, and before the job's end.
 */
final class GarbageCollection {
    private static final System.Logger LOG = System.getLogger(GarbageCollection.class.getName());

    /** Checkpoints between two searches for left-overs by listing the whole job. */
    private static final int SWEEP_EVERY = 100;

    private final JobStore store;
    private final LogWriter writer;
    private final Clock clock;
    private final Supplier<Collection.Keep> keep;
    private final Work work;
    private Waits.@Nullable Wait wait;
    private boolean again;
    private boolean mayHaveLeftOvers;
    private boolean sweptLast;
    private long begun;

    /** Runs calls on the store; one whose coordinator has stopped never answers. */
    @FunctionalInterface
    interface Work {
        void start(String what, Callable<Boolean> call, BlockingCalls.Done<Boolean> done);
    }

    /** @param keep what must stay, as of the moment of the call */
    GarbageCollection(JobStore store, LogWriter writer, Clock clock, Supplier<Collection.Keep> keep, Work work) {
        this.store = store;
        this.writer = writer;
        this.clock = clock;
        this.keep = keep;
        this.work = work;
    }

    boolean isBusy() {
        return wait != null;
    }

    /** What is being done on the store. */
    Optional<Waits.Wait> waiting() {
        return Optional.ofNullable(wait);
    }

    /** Something was given up that may have objects in the store, or gets some yet: an upload may still be under way. */
    void leftOvers() {
        mayHaveLeftOvers = true;
    }

    /** A checkpoint has completed. */
    void afterCheckpoint() {
        collect(begun % SWEEP_EVERY == 0);
    }

    /**
     * Sweeps once more before the job's end, if there may be left-overs; false if not, or if that was tried. What was given up long ago,
     * also by an earlier generation, may have been written after the last sweep.
     */
    boolean beforeEnd() {
        boolean hadPredecessor = writer.generation() > JobLog.FIRST_SLOT;
        if (sweptLast || !(mayHaveLeftOvers || hadPredecessor)) {
            return false;
        }
        sweptLast = true;
        collect(true);
        return true;
    }

    private void collect(boolean sweep) {
        if (wait != null) {
            again = true;
            return;
        }
        begun++;
        again = false;
        start("collect garbage", keep.get(), sweep, error -> {
            if (error != null) {
                mayHaveLeftOvers = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "garbage collection failed, the next one tries again: {0}",
                        error.toString());
            }
            if (again) {
                afterCheckpoint();
            }
        });
    }

    /** Deletes all checkpoints, after the job's End. */
    void deleteAll(long nextId, Runnable done) {
        start("delete all checkpoints", new Collection.Keep(0, Set.of(), nextId), true, error -> {
            if (error != null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "checkpoints could not be deleted and stay in the bucket: {0}",
                        error.toString());
            }
            done.run();
        });
    }

    private interface Ended {
        void with(@Nullable Throwable error);
    }

    private void start(String what, Collection.Keep kept, boolean sweep, Ended ended) {
        wait = new Waits.Wait("the store, to " + what, clock.nowNs());
        work.start(
                what,
                () -> {
                    store.collect(writer, kept, sweep);
                    return true;
                },
                (result, error) -> {
                    wait = null;
                    ended.with(error);
                });
    }
}
