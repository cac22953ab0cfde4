package dev.holdfast.simulation.world;

import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.coordinator.Operation;
import dev.holdfast.engine.coordinator.Operation.Kind;
import java.util.Optional;

/**
 * Who stops a job and starts it again: an operator, as it upgrades, suspends and cancels.
 *
 * <pre>
 * IDLE     -> STOPPING   the coordinator was asked to stop
 * STOPPING -> DOWN       it says that it has stopped; all pods are taken away
 *          -> IDLE       it refused, or did not stop in time: the job goes on
 * IDLE     -> DOWN       it stopped late
 * DOWN     -> IDLE       pods are started again
 * </pre>
 */
final class JobOperator {
    private static final long LOOK_NS = 25_000_000;
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final long MS = 1_000_000;

    private enum State {
        IDLE,
        STOPPING,
        DOWN
    }

    private final Cluster cluster;
    private State state = State.IDLE;
    private int asked;

    /**
     * What is to be done with a running job.
     *
     * @param kind how it stops
     * @param downMs how long it stays down
     * @param parallelism with which it starts again
     * @param fromSavepoint whether it starts from the savepoint of its stop, or from the newest state
     */
    record Plan(Kind kind, long downMs, int parallelism, boolean fromSavepoint) {}

    JobOperator(Cluster cluster) {
        this.cluster = cluster;
    }

    boolean isIdle() {
        return state == State.IDLE;
    }

    /** Begins, unless something is under way. */
    void begin(Plan plan) {
        if (state != State.IDLE || cluster.pods().status().phase().isFinal()) {
            cluster.audit().count("operator: busy");
            return;
        }
        cluster.pods().coordinating().ifPresent(coordinator -> {
            String name = "s" + ++asked;
            boolean takes = plan.kind() == Kind.STOP;
            state = State.STOPPING;
            coordinator
                    .control()
                    .request(
                            new Operation.Request(plan.kind(), takes ? Optional.of(name) : Optional.empty(), name),
                            answer -> answered(plan, answer));
            look(plan, name, cluster.world().nowNs() + PATIENCE_NS);
        });
    }

    private void answered(Plan plan, Operation.Answer answer) {
        cluster.world().note("operator: " + plan + ": " + answer);
        if (!(answer instanceof Operation.Answer.Accepted) && state == State.STOPPING) {
            state = State.IDLE;
        }
    }

    /** Takes a savepoint while the job runs. */
    void snapshot() {
        String name = "s" + ++asked;
        cluster.pods()
                .coordinating()
                .ifPresent(coordinator -> coordinator
                        .control()
                        .request(
                                new Operation.Request(Kind.SAVEPOINT, Optional.of(name), name),
                                answer -> cluster.world().note("operator: savepoint " + name + ": " + answer)));
    }

    private void look(Plan plan, String name, long untilNs) {
        if (hasStopped(plan, name)) {
            state = State.DOWN;
            cluster.audit().count("operator: " + plan.kind() + " done");
            cluster.pods().scaleToZero();
            cluster.world().after(plan.downMs() * MS, () -> {
                RestoreRequest from =
                        plan.fromSavepoint() ? new RestoreRequest.Savepoint(name) : new RestoreRequest.Latest();
                cluster.pods().scaleUp(plan.parallelism(), from, plan.fromSavepoint() ? name : "");
                state = State.IDLE;
            });
            return;
        }
        if (state == State.STOPPING && cluster.world().nowNs() > untilNs) {
            cluster.audit().count("operator: " + plan.kind() + " given up");
            state = State.IDLE;
        }
        // It may stop late, and must be started again then.
        if (cluster.pods().status().phase() != Phase.FINISHED) {
            cluster.world().after(LOOK_NS, () -> look(plan, name, untilNs));
        } else if (state == State.STOPPING) {
            state = State.IDLE;
        }
    }

    private boolean hasStopped(Plan plan, String name) {
        JobStatus status = cluster.pods().status();
        return plan.kind() == Kind.CANCEL
                ? status.phase() == Phase.CANCELED
                : status.phase() == Phase.SUSPENDED && status.message().endsWith("savepoint " + name);
    }
}
