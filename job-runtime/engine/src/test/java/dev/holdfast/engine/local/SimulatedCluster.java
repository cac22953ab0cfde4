package dev.holdfast.engine.local;

import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.coordinator.CoordinatorProcess;
import dev.holdfast.engine.coordinator.HeartbeatSettings;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.env.simulated.SimulatedNetwork;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.state.MemorySortedStore;
import dev.holdfast.engine.task.JobIdentity;
import dev.holdfast.engine.task.MetricsRegistry;
import dev.holdfast.engine.worker.WorkerJob;
import dev.holdfast.engine.worker.WorkerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Coordinators and workers of one job as processes of a simulated world. Coordinators are found behind one name. */
final class SimulatedCluster {
    /** From the end of its work to the end of a process: what it said last is read meanwhile. */
    private static final long END_MS = 100;

    static final Endpoint COORDINATOR = new Endpoint("coordinator", 6123);

    private final JobSetup base;
    private final SimulatedNetwork network;
    private final StreamProgram program;
    private final List<Coordinating> coordinators = new ArrayList<>();
    private final List<Working> workers = new ArrayList<>();
    private int started;

    /** A coordinator. */
    static final class Coordinating {
        final SimulatedProcess process;
        final CoordinatorProcess coordinator;
        JobStatus status = new JobStatus(JobStatus.Phase.STARTING, 0, 0, 0, 0, 0, Optional.empty(), "");

        Coordinating(SimulatedProcess process, CoordinatorProcess coordinator) {
            this.process = process;
            this.coordinator = coordinator;
        }
    }

    /** A worker. */
    static final class Working {
        final String name;
        final SimulatedProcess process;
        final WorkerProcess worker;
        final MetricsRegistry metrics;

        @Nullable String ended;

        Working(String name, SimulatedProcess process, WorkerProcess worker, MetricsRegistry metrics) {
            this.metrics = metrics;
            this.name = name;
            this.process = process;
            this.worker = worker;
        }
    }

    SimulatedCluster(JobSetup base, StreamProgram program) {
        this.base = base;
        this.network = new SimulatedNetwork(base.world());
        this.program = program;
    }

    SimulatedNetwork network() {
        return network;
    }

    List<Coordinating> coordinators() {
        return coordinators;
    }

    List<Working> workers() {
        return workers;
    }

    private Program program(int parallelism) {
        return Program.of(program, Parameters.of(Map.of()), parallelism, base.maxParallelism());
    }

    Coordinating startCoordinator(JobSetup setup) {
        String name = "c" + ++started;
        SimulatedProcess process = base.world().start(name, setup.store(), new MemoryDisk());
        network.service(COORDINATOR.host(), process);
        JobSettings settings = new JobSettings(
                setup.root(),
                name,
                setup.checkpoints(),
                setup.restart(),
                setup.parallelism(),
                setup.restore(),
                setup.restoreNonce(),
                setup.allowDroppedState(),
                setup.timeouts());
        Coordinating[] made = new Coordinating[1];
        JobStatus[] early = new JobStatus[1];
        Transport transport = network.transport(process, new Endpoint(name, COORDINATOR.port()));
        CoordinatorProcess coordinator = CoordinatorProcess.start(
                process.env(),
                transport,
                settings,
                HeartbeatSettings.DEFAULT,
                this::program,
                status -> {
                    base.world().note(name + " " + status.phase() + " " + status.message());
                    early[0] = status;
                    if (status.phase().isFinal()) {
                        endSoon(process, transport);
                    }
                    if (made[0] != null) {
                        made[0].status = status;
                    }
                },
                error -> base.world().note(name + " is broken: " + error));
        made[0] = new Coordinating(process, coordinator);
        if (early[0] != null) {
            made[0].status = early[0];
        }
        coordinators.add(made[0]);
        return made[0];
    }

    /** @param name of the worker; a process that is started again keeps it */
    Working startWorker(String name, int slots) {
        return startWorker(name, slots, base);
    }

    Working startWorker(String name, int slots, JobSetup setup) {
        return startWorker(name, slots, setup, new MemoryDisk());
    }

    /** @param disk may be that of an earlier process, which is dead */
    Working startWorker(String name, int slots, JobSetup setup, MemoryDisk disk) {
        SimulatedProcess process = base.world().start("w" + ++started + "-" + name, setup.store(), disk);
        IntFunction<Program> programs = this::program;
        MetricsRegistry metrics = new MetricsRegistry();
        WorkerJob job = new WorkerJob(
                setup.root(),
                new JobIdentity("job", setup.root().toString(), Parameters.of(Map.of())),
                programs,
                slots,
                setup.memoryBytes(),
                4 << 20,
                MemorySortedStore.factory(process.disk()),
                setup.allowDroppedState(),
                setup.timeouts(),
                metrics);
        Working[] made = new Working[1];
        Transport transport = network.transport(process);
        WorkerProcess worker = WorkerProcess.start(
                process.env(),
                transport,
                job,
                new WorkerProcess.Identity(name, Optional.empty(), COORDINATOR),
                reason -> {
                    base.world().note(process.name() + " has ended: " + reason);
                    made[0].ended = reason.text();
                    endSoon(process, transport);
                },
                error -> base.world().note(process.name() + " is broken: " + error));
        made[0] = new Working(name, process, worker, metrics);
        workers.add(made[0]);
        return made[0];
    }

    /** A process whose work is over ends, and nobody reaches it any more. */
    private static void endSoon(SimulatedProcess process, Transport transport) {
        process.env()
                .blocking()
                .start(
                        "end the process",
                        () -> {
                            process.env().blocking().pause(END_MS);
                            transport.close();
                            return true;
                        },
                        Runnable::run,
                        (done, error) -> {});
    }
}
