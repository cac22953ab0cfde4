package dev.holdfast.simulation.world;

import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedNetwork;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.engine.link.MessageLink;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.simulation.audit.Audit;
import dev.holdfast.simulation.audit.BucketAudit;
import dev.holdfast.simulation.audit.CreditAudit;
import dev.holdfast.simulation.audit.PhaseAudit;
import dev.holdfast.simulation.fault.CrashPoint;
import dev.holdfast.simulation.fault.JobShape;
import dev.holdfast.simulation.workload.Workload;

/** One job and all around it: the world, the network, the bucket, the systems behind the sinks, the pods. */
public final class Cluster {
    static final JobRoot ROOT = new JobRoot("default", "job", "1");

    private final SimulatedWorld world;
    private final SimulatedNetwork network;
    private final Audit audit;
    private final BucketAudit bucket;
    private final Points points;
    private final Troubles storeTroubles;
    private final Systems systems;
    private final Workload workload;
    private final JobShape job;
    private final Pods pods;

    /** @param tellMessages whether the world's trace gets a line for each message between coordinator and workers */
    public Cluster(long seed, JobShape job, boolean tellMessages) {
        this.job = job;
        world = new SimulatedWorld(seed);
        SimulatedRandomness random = new SimulatedRandomness(seed ^ 0x5DEECE66DL);
        network = new SimulatedNetwork(world);
        audit = new Audit(world);
        SimulatedProcess auditor = world.start("auditor", new MemoryObjectStore());
        bucket = new BucketAudit(audit, ROOT, auditor.env());
        points = new Points(audit);
        storeTroubles = new Troubles(world, random.split());
        systems = new Systems(world, audit, bucket, points, job, random.split());
        workload = Workload.of(job);
        pods = new Pods(this, new PhaseAudit(audit), random.split());
        CreditAudit credits = new CreditAudit(audit, Pods.NETWORK_BYTES);
        network.watch((from, to, lane, frame) -> {
            if (frame.length > 1 && from.startsWith("a") && to.startsWith("a")) {
                credits.sent(lane, frame);
            }
            if (frame.length > 1 && (from.startsWith("c") || (tellMessages && to.startsWith("c")))) {
                MessageLink.peek(frame).ifPresent(message -> {
                    if (tellMessages) {
                        world.note(from + " -> " + to + " " + message);
                    }
                    if (message instanceof ToWorker.Trigger) {
                        reachedBy(from, CrashPoint.BEFORE_BARRIER);
                    } else if (message instanceof ToWorker.Start) {
                        reachedBy(from, CrashPoint.RESTORED);
                    }
                });
            }
        });
    }

    /** Once the turn of the loop that sends is over, and before the message arrives. */
    private void reachedBy(String process, CrashPoint point) {
        world.after(0, () -> pods.named(process).ifPresent(sender -> points.reached(point, sender)));
    }

    public SimulatedWorld world() {
        return world;
    }

    public Audit audit() {
        return audit;
    }

    public BucketAudit bucket() {
        return bucket;
    }

    public Systems systems() {
        return systems;
    }

    public Workload workload() {
        return workload;
    }

    public Pods pods() {
        return pods;
    }

    JobShape job() {
        return job;
    }

    SimulatedNetwork network() {
        return network;
    }

    Points points() {
        return points;
    }

    Troubles storeTroubles() {
        return storeTroubles;
    }
}
