package dev.holdfast.simulation.run;

import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.simulation.audit.Audit;
import dev.holdfast.simulation.audit.BoundsAudit;
import dev.holdfast.simulation.fault.Schedule;
import dev.holdfast.simulation.world.Cluster;
import dev.holdfast.simulation.world.FaultInjector;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One job from its first start to its end, with all that a schedule lets happen to it.
 *
 * <ol>
 *   <li>The job runs while faults come, until the last one is over, or the job is.
 *   <li>Everything is mended. From then on the job has {@link #PATIENCE_NS} to come to its end: that is liveness.
 *   <li>An endless job is asked to end when all of its output is visible.
 *   <li>What is under way comes to rest; then the output is compared, and what is left in the bucket and outside.
 * </ol>
 *
 * The first violation ends it. The same schedule gives the same life.
 */
public final class Life {
    private static final long MS = 1_000_000;
    private static final long PATIENCE_NS = 120_000 * MS;

    /** More than any schedule lasts. */
    private static final long FAULTS_NS = 600_000 * MS;

    private static final long REST_NS = 12_000 * MS;

    /** How often an endless job is looked at, and asked again. */
    private static final long LOOK_NS = 100 * MS;

    private static final long ASK_AGAIN_NS = 5_000 * MS;

    private final Schedule schedule;
    private final Cluster cluster;
    private final FaultInjector injector;
    private final BoundsAudit bounds;
    private long askedNs = Long.MIN_VALUE;
    private boolean failedLoudly;

    private Life(Schedule schedule, boolean tellMessages) {
        this.schedule = schedule;
        cluster = new Cluster(schedule.seed(), schedule.job(), tellMessages);
        injector = new FaultInjector(cluster, schedule);
        bounds = new BoundsAudit(cluster.audit(), () -> cluster.pods().processes());
    }

    /** Lives it. */
    public static Verdict live(Schedule schedule) {
        return new Life(schedule, false).live();
    }

    /** Lives it, and tells each message. */
    public static Verdict tell(Schedule schedule) {
        return new Life(schedule, true).live();
    }

    private Verdict live() {
        bounds.watch(cluster.world());
        cluster.pods().begin();
        watchEndless();
        run(injector::isOver, FAULTS_NS);
        boolean overAmongFaults = isOver();
        injector.mend();
        long mendedNs = cluster.world().nowNs();
        run(() -> false, PATIENCE_NS);
        Audit audit = cluster.audit();
        if (audit.violation().isEmpty() && !isOver()) {
            audit.fail(
                    "liveness",
                    "the job has not come to its end within " + PATIENCE_NS / MS + " ms after the last fault: "
                            + cluster.pods().status() + ", "
                            + cluster.systems().visible().size() + " rows are visible");
        }
        if (audit.violation().isEmpty()) {
            cluster.world().runUntil(() -> audit.violation().isPresent(), REST_NS);
        }
        if (audit.violation().isEmpty()) {
            compare(overAmongFaults, mendedNs);
        }
        bounds.checkFailures();
        cluster.world().end();
        return new Verdict(
                schedule,
                audit.violation(),
                audit.counts(),
                cluster.world().nowNs(),
                cluster.world().steps(),
                cluster.world().trace());
    }

    private void run(BooleanSupplier enough, long limitNs) {
        cluster.world()
                .runUntil(() -> isOver() || cluster.audit().violation().isPresent() || enough.getAsBoolean(), limitNs);
    }

    private boolean isOver() {
        Phase phase = cluster.pods().status().phase();
        boolean suspended = phase == Phase.SUSPENDED && askedNs != Long.MIN_VALUE && injector.isQuiet();
        return phase == Phase.FINISHED || suspended || hasFailedLoudly();
    }

    /** Output is lost outside, which no start can mend: the job must say so, and that is its end. */
    private boolean hasFailedLoudly() {
        failedLoudly |= cluster.systems().hasLostOutput()
                && cluster.pods().status().phase() == Phase.FAILED
                && cluster.pods().status().message().contains("has expired");
        return failedLoudly;
    }

    /** An endless job is asked to end, again and again: who was asked may die. */
    private void watchEndless() {
        if (!cluster.workload().isEndless()) {
            return;
        }
        long nowNs = cluster.world().nowNs();
        boolean askAgain = askedNs == Long.MIN_VALUE || nowNs - askedNs > ASK_AGAIN_NS;
        if (askAgain
                && injector.isQuiet()
                && cluster.pods().status().phase() == Phase.RUNNING
                && cluster.workload().isComplete(cluster.systems().visible())) {
            askedNs = nowNs;
            injector.end(schedule.seed() % 2 == 0);
        }
        cluster.world().after(LOOK_NS, this::watchEndless);
    }

    private void compare(boolean overAmongFaults, long mendedNs) {
        Audit audit = cluster.audit();
        if (cluster.systems().hasLostOutput()) {
            audit.count("failed loudly");
            if (!failedLoudly) {
                audit.fail(
                        "I3",
                        "output is lost, and the job says " + cluster.pods().status());
            }
            return;
        }
        cluster.workload()
                .check(
                        cluster.systems().visible(),
                        cluster.systems().isExact(),
                        cluster.systems().shared(),
                        what -> audit.fail("I2", what));
        List<String> pending = cluster.systems().pending();
        if (!pending.isEmpty() && !overAmongFaults) {
            audit.fail("I3", pending.size() + " transactions are neither visible nor given up: " + pending.getFirst());
        }
        // Where the store fails at the end, the job tries to delete once, and leaves the rest.
        boolean endedInPeace = cluster.bucket().completedNs() >= mendedNs;
        if (!overAmongFaults && endedInPeace && cluster.pods().status().phase() == Phase.FINISHED) {
            Set<String> orphans = cluster.bucket().orphans();
            if (!orphans.isEmpty()) {
                audit.fail("I5", orphans.size() + " objects are left that nothing reaches: " + orphans);
            }
        }
    }
}
