package dev.holdfast.engine.worker;

import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.SortedStore;
import dev.holdfast.engine.state.Thresholds;
import dev.holdfast.engine.task.JobIdentity;
import dev.holdfast.engine.task.MetricsRegistry;
import java.util.function.IntFunction;

/**
 * What a worker knows of its job from the start.
 *
 * @param root where the job lives in the bucket
 * @param programs runs the program anew at each call, for a parallelism of operators that set none; callable from any thread
 * @param slots number of slots of this worker
 * @param memoryBudgetBytes for the state of all slots together
 * @param networkBytes for what has come from other workers and was not read yet
 * @param thresholds at which state changes its form
 * @param stores makes the local stores of slots
 * @param metrics of all tasks of the worker
 * @param timeouts what slots may wait for, and how long
 * @param allowDroppedState setting {@code restore.allow-dropped-state}
 */
public record WorkerJob(
        JobRoot root,
        JobIdentity identity,
        IntFunction<Program> programs,
        int slots,
        long memoryBudgetBytes,
        long networkBytes,
        Thresholds thresholds,
        SortedStore.Factory stores,
        boolean allowDroppedState,
        Timeouts timeouts,
        MetricsRegistry metrics) {

    /** With the usual thresholds. */
    public WorkerJob(
            JobRoot root,
            JobIdentity identity,
            IntFunction<Program> programs,
            int slots,
            long memoryBudgetBytes,
            long networkBytes,
            SortedStore.Factory stores,
            boolean allowDroppedState,
            Timeouts timeouts,
            MetricsRegistry metrics) {
        this(
                root,
                identity,
                programs,
                slots,
                memoryBudgetBytes,
                networkBytes,
                Thresholds.DEFAULT,
                stores,
                allowDroppedState,
                timeouts,
                metrics);
    }
}
