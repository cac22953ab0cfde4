package dev.holdfast.simulation.world;

import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.CoordinatorProcess;
import dev.holdfast.engine.coordinator.HeartbeatSettings;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.MemorySortedStore;
import dev.holdfast.engine.state.Thresholds;
import dev.holdfast.engine.task.JobIdentity;
import dev.holdfast.engine.task.MetricsRegistry;
import dev.holdfast.engine.worker.WorkerJob;
import dev.holdfast.engine.worker.WorkerProcess;
import dev.holdfast.simulation.audit.BoundsAudit;
import dev.holdfast.simulation.audit.PhaseAudit;
import dev.holdfast.simulation.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A simulated Kubernetes: it wants one coordinator and so many workers, looks again and again whether they live, and starts what is
 * missing after a while. A pod whose process has ended is started again under its name.
 */
public final class Pods {
    private static final long LOOK_NS = 20_000_000;
    private static final long MS = 1_000_000;
    private static final Endpoint COORDINATOR = new Endpoint("coordinator", 6123);
    /** Little, so that channels come to the end of their credit. */
    static final long NETWORK_BYTES = 128 << 10;

    /** A state of some KB goes through all forms that one of many GB has. */
    private static final Thresholds SMALL = new Thresholds(600, 2_000, 200, 4, 100, 2, 3, 256 << 20);

    /** From the end of its work to the end of a process: what it said last is read meanwhile. */
    private static final long END_MS = 100;

    private static final int MAX_PARALLELISM = 32;
    private static final Pattern CODE = Pattern.compile("HF-[A-Z]{3}-[0-9]{3}");

    /** Long enough for a store that is away, short enough that a life ends. */
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));

    private final Cluster cluster;
    private final PhaseAudit phases;
    private final SimulatedRandomness random;
    private final Pod coordinator = new Pod("coordinator");
    private final List<Pod> workers = new ArrayList<>();
    private final List<SimulatedProcess> all = new ArrayList<>();
    private final CheckpointSettings checkpoints;
    private boolean wanted;
    private boolean inHaste;
    private int started;
    private int parallelism;
    private RestoreRequest restore = new RestoreRequest.Latest();
    private String restoreNonce = "";

    private static final JobStatus NONE = new JobStatus(Phase.STARTING, 0, 0, 0, 0, 0, Optional.empty(), "");

    /** One pod, over all its processes. */
    static final class Pod {
        final String name;
        private @Nullable SimulatedProcess process;
        private @Nullable CoordinatorProcess coordinating;
        private @Nullable WorkerProcess working;
        private @Nullable String ended;
        private @Nullable MemoryDisk nextDisk;
        private JobStatus status = NONE;
        private boolean starting;
        private long notBeforeNs;

        Pod(String name) {
            this.name = name;
        }

        boolean isUp() {
            return process != null && process.isAlive() && ended == null;
        }

        Optional<SimulatedProcess> process() {
            return Optional.ofNullable(process);
        }

        Optional<WorkerProcess> working() {
            return isUp() ? Optional.ofNullable(working) : Optional.empty();
        }
    }

    Pods(Cluster cluster, PhaseAudit phases, SimulatedRandomness random) {
        this.cluster = cluster;
        this.phases = phases;
        this.random = random;
        parallelism = cluster.job().parallelism();
        checkpoints = new CheckpointSettings(
                Duration.ofMillis(cluster.job().intervalMs()),
                Duration.ofSeconds(2),
                Duration.ZERO,
                cluster.job().concurrent(),
                cluster.job().tolerable(),
                cluster.job().retained(),
                true,
                false);
        int slots = cluster.job().slots();
        int count = (4 + slots - 1) / slots + cluster.job().spares();
        for (int i = 0; i < count; i++) {
            workers.add(new Pod("a" + i));
        }
    }

    /** Starts everything, and looks after it from then on. */
    public void begin() {
        wanted = true;
        start(coordinator);
        workers.forEach(this::start);
        cluster.world().after(LOOK_NS, this::look);
    }

    /** Lets pods start at once from now on, and ends processes that others have replaced, as their nodes do when they hear of it. */
    public void hurry() {
        inHaste = true;
        all.stream().filter(process -> podOf(process).isEmpty()).forEach(SimulatedProcess::kill);
        coordinator.notBeforeNs = 0;
        workers.forEach(pod -> pod.notBeforeNs = 0);
    }

    /** The job's status as its newest coordinator published it last. */
    public JobStatus status() {
        return coordinator.status;
    }

    Optional<CoordinatorProcess> coordinating() {
        return coordinator.isUp() ? Optional.ofNullable(coordinator.coordinating) : Optional.empty();
    }

    Pod coordinatorPod() {
        return coordinator;
    }

    List<Pod> workerPods() {
        return workers;
    }

    /** Every process that was ever started. */
    public List<SimulatedProcess> processes() {
        return all;
    }

    Optional<SimulatedProcess> named(String name) {
        return all.stream().filter(process -> process.name().equals(name)).findFirst();
    }

    /** The pod that a process belongs to, if it is its newest. */
    Optional<Pod> podOf(SimulatedProcess process) {
        if (coordinator.process == process) {
            return Optional.of(coordinator);
        }
        return workers.stream().filter(pod -> pod.process == process).findFirst();
    }

    /** Takes all pods away, and starts none. */
    void scaleToZero() {
        wanted = false;
        coordinator.process().ifPresent(SimulatedProcess::kill);
        workers.forEach(pod -> pod.process().ifPresent(SimulatedProcess::kill));
    }

    /** Starts pods again, for a job that begins from something. */
    void scaleUp(int newParallelism, RestoreRequest request, String nonce) {
        parallelism = newParallelism;
        restore = request;
        restoreNonce = nonce;
        coordinator.status = NONE;
        wanted = true;
    }

    int parallelism() {
        return parallelism;
    }

    /** What the next coordinator is started with. */
    void setParallelism(int next) {
        parallelism = next;
    }

    /** The next process of a pod is started no earlier than after a while, on a disk. */
    void hold(Pod pod, long ms, Fault.Disk disk) {
        pod.notBeforeNs = cluster.world().nowNs() + ms * MS;
        SimulatedProcess process = pod.process;
        if (process != null && disk != Fault.Disk.NEW) {
            pod.nextDisk = process.disk();
            if (disk == Fault.Disk.CRASHED) {
                process.disk().loseUnsynced(random);
            }
        }
    }

    /** Starts a second process of a pod while the first one lives. */
    void startAnother(Pod pod) {
        start(pod);
    }

    private void look() {
        if (wanted) {
            Phase phase = coordinator.status.phase();
            boolean over = phase == Phase.FINISHED || phase == Phase.SUSPENDED || phase == Phase.CANCELED;
            boolean gone = !coordinator.isUp() || (phase.isFinal() && !over);
            if (gone && !over) {
                startSoon(coordinator);
            }
            if (!over) {
                workers.stream().filter(pod -> !pod.isUp()).forEach(this::startSoon);
            }
        }
        cluster.world().after(LOOK_NS, this::look);
    }

    private void startSoon(Pod pod) {
        if (pod.starting || pod.notBeforeNs > cluster.world().nowNs()) {
            return;
        }
        pod.starting = true;
        long startMs = inHaste ? 1 : cluster.job().startMs();
        cluster.world().after((1 + random.nextInt((int) startMs)) * MS, () -> {
            pod.starting = false;
            if (wanted) {
                start(pod);
            }
        });
    }

    private void start(Pod pod) {
        cluster.audit().count("pods started");
        if (pod == coordinator) {
            startCoordinator();
        } else {
            startWorker(pod);
        }
    }

    private SimulatedProcess process(Pod pod, String prefix) {
        StoreView store = new StoreView(cluster.bucket(), cluster.storeTroubles(), cluster.points());
        MemoryDisk disk = pod.nextDisk == null ? new MemoryDisk() : pod.nextDisk;
        pod.nextDisk = null;
        SimulatedProcess process = cluster.world().start(prefix + ++started, store, disk);
        store.attach(process);
        pod.process = process;
        pod.ended = null;
        all.add(process);
        return process;
    }

    private IntFunction<Program> programs(SimulatedProcess process) {
        StreamProgram program = cluster.workload().program(cluster.systems().of(process));
        return tasks -> Program.of(program, Parameters.of(Map.of()), tasks, MAX_PARALLELISM);
    }

    private void startCoordinator() {
        SimulatedProcess process = process(coordinator, "c");
        cluster.network().service(COORDINATOR.host(), process);
        coordinator.status = NONE;
        JobSettings settings = new JobSettings(
                Cluster.ROOT,
                process.name(),
                checkpoints,
                new RestartStrategy.ExponentialDelay(
                        Duration.ofMillis(5), Duration.ofMillis(50), 2, 0.1, Duration.ofSeconds(1)),
                parallelism,
                restore,
                restoreNonce,
                false,
                TIMEOUTS);
        Transport transport = cluster.network().transport(process, new Endpoint(process.name(), COORDINATOR.port()));
        Phase[] before = {Phase.STARTING};
        long[] lastBelieved = {0};
        coordinator.coordinating = CoordinatorProcess.start(
                process.env(),
                transport,
                settings,
                HeartbeatSettings.DEFAULT,
                programs(process),
                status -> {
                    cluster.world().note(process.name() + " " + status.phase() + " " + status.message());
                    phases.published(process.name(), before[0], status.phase());
                    countErrors(status.message());
                    status.lastCheckpoint()
                            .filter(last -> last.id() > lastBelieved[0])
                            .ifPresent(last -> {
                                lastBelieved[0] = last.id();
                                cluster.bucket().believed(process.name(), status.generation(), last.id());
                            });
                    before[0] = status.phase();
                    if (status.phase().isFinal()) {
                        endSoon(process, transport);
                    }
                    if (coordinator.process == process) {
                        coordinator.status = status;
                    }
                },
                error -> broken(process, error));
    }

    private void startWorker(Pod pod) {
        SimulatedProcess process = process(pod, pod.name + "-");
        WorkerJob workerJob = new WorkerJob(
                Cluster.ROOT,
                new JobIdentity("job", Cluster.ROOT.toString(), Parameters.of(Map.of())),
                programs(process),
                cluster.job().slots(),
                cluster.job().memoryBytes(),
                NETWORK_BYTES,
                cluster.job().smallFiles() ? SMALL : Thresholds.DEFAULT,
                MemorySortedStore.factory(process.env().disk()),
                false,
                TIMEOUTS,
                new MetricsRegistry());
        Transport transport = cluster.network().transport(process);
        pod.working = WorkerProcess.start(
                process.env(),
                transport,
                workerJob,
                new WorkerProcess.Identity(pod.name, Optional.empty(), COORDINATOR),
                end -> {
                    cluster.world().note(process.name() + " has ended: " + end);
                    cluster.audit().count("worker ends: " + end.cause());
                    if (pod.process == process) {
                        pod.ended = end.text();
                    }
                    endSoon(process, transport);
                },
                error -> broken(process, error));
    }

    private void countErrors(String message) {
        Matcher matcher = CODE.matcher(message);
        while (matcher.find()) {
            cluster.audit().count("error " + matcher.group());
        }
    }

    /** An invariant of the engine did not hold; or something does not end, and only the end of the process can end it. */
    private void broken(SimulatedProcess process, Throwable error) {
        if (BoundsAudit.isStuck(error)) {
            cluster.audit().count("process ends since something in it does not");
            cluster.world().after(0, process::kill);
            return;
        }
        cluster.audit().fail("engine", process.name() + " is broken: " + error);
    }

    /** A process whose work is over ends, and nobody reaches it any more. */
    private void endSoon(SimulatedProcess process, Transport transport) {
        cluster.world().after(END_MS * MS, () -> {
            if (process.isAlive()) {
                transport.close();
                process.kill();
            }
        });
    }
}
