package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.coordinator.CoordinatorProcess;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.env.host.HostClock;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.transport.netty.NettyTransport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Runs the coordinator of one job in this process.
 *
 * <ol>
 *   <li>The program is found and described once: what is wrong with it is known before anything is opened.
 *   <li>Network and store are opened, the coordinator takes the job over, and workers are let in.
 *   <li>The calling thread prints progress until the job has ended ({@link JobWatch}). Then workers are told, and the network is
 *       closed.
 * </ol>
 */
final class CoordinatorLauncher {
    private CoordinatorLauncher() {}

    /**
     * Runs a coordinator until its job has ended, another one has taken over, or a signal ends the process.
     *
     * @throws HoldfastException if it cannot be started
     */
    static ExitCode run(CoordinatorConfiguration configuration, GivenSettings given, Terminal terminal)
            throws InterruptedException {
        JobConfiguration job = configuration.job();
        configuration.memory().announce(terminal);
        HeapWatch.start();
        LogFields.process("job", job.root().toString());
        CoordinationConfiguration coordination = configuration.coordination();
        Supplier<StreamProgram> program = Programs.of(job.program(), CoordinatorLauncher.class.getClassLoader());
        IntFunction<Program> programs =
                parallelism -> Program.of(program.get(), job.parameters(), parallelism, job.maxParallelism());
        try (OpeningStore opening = OpeningStore.start(job.storage());
                Transport transport = new NettyTransport(configuration.network(), new HostClock())) {
            ObjectStore store = opening.get();
            // A coordinator keeps no local files.
            Env env = LoggedEnv.of(HostEnv.of(Path.of(System.getProperty("java.io.tmpdir")), store));
            Watched watched = new Watched();
            CoordinatorProcess coordinator = CoordinatorProcess.start(
                    env,
                    transport,
                    coordination.jobSettings(
                            job, "coordinator-" + ProcessHandle.current().pid()),
                    configuration.heartbeat(),
                    programs,
                    watched::heard,
                    watched::broken);
            watched.coordinator = coordinator;
            try (ProcessApi api =
                    ProcessApi.ofJob(configuration.http(), Role.COORDINATOR, coordinator.control(), given, null)) {
                terminal.say("coordinator of job " + job.root() + " program=" + job.program() + " parallelism="
                        + coordination.parallelism() + " storage=" + store.describe() + " listening="
                        + coordinator.endpoint() + " http=" + api.address() + " pid="
                        + ProcessHandle.current().pid());
                ExitCode code = new JobWatch(coordination, terminal, watched).untilEnd();
                api.awaitReaders();
                return code;
            }
        }
    }

    private static final class Watched implements JobWatch.Job {
        private volatile JobStatus status =
                new JobStatus(JobStatus.Phase.STARTING, 0, 0, 0, 0, 0, Optional.empty(), "");

        @SuppressWarnings("NullAway.Init") // set before anybody asks
        private volatile CoordinatorProcess coordinator;

        /** On the coordinator's thread. */
        void heard(JobStatus next) {
            status = next;
            LogFields.process("generation", Long.toString(next.generation()));
        }

        void broken(Throwable error) {
            JobStatus last = status;
            status = new JobStatus(
                    JobStatus.Phase.FAILED,
                    last.generation(),
                    last.restarts(),
                    last.restoredCheckpoint(),
                    last.completedCheckpoints(),
                    last.failedCheckpoints(),
                    last.lastCheckpoint(),
                    "HF-RUN-011: broken invariant, please report it: " + error);
            System.getLogger(CoordinatorLauncher.class.getName())
                    .log(System.Logger.Level.ERROR, "HF-RUN-011: broken invariant", error);
        }

        @Override
        public JobStatus status() {
            return status;
        }

        @Override
        public void stopWithSavepoint(String name) {
            coordinator.stopWithSavepoint(name);
        }

        @Override
        public void release() {
            // Its connections close with the process, and workers see that at once.
        }
    }
}
