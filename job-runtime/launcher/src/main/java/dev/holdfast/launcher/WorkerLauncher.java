package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.env.host.HostClock;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import dev.holdfast.engine.task.JobIdentity;
import dev.holdfast.engine.task.MetricsRegistry;
import dev.holdfast.engine.worker.WorkerJob;
import dev.holdfast.engine.worker.WorkerProcess;
import dev.holdfast.transport.netty.NettyTransport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs a worker in this process.
 *
 * <ol>
 *   <li>The program is found and described once: what is wrong with it is known before anything is opened.
 *   <li>The store is being opened from the first moment on, beside the work directory, the native library and the network.
 *   <li>The worker looks for its coordinator; the calling thread prints progress until it has ended ({@link WorkerWatch}).
 * </ol>
 */
final class WorkerLauncher {
    private WorkerLauncher() {}

    /**
     * Runs a worker until its job has ended, it is told that it runs another program, or a signal ends the process.
     *
     * @throws HoldfastException if it cannot be started
     */
    static ExitCode run(WorkerConfiguration configuration, Terminal terminal) throws InterruptedException {
        JobConfiguration job = configuration.job();
        configuration.memory().announce(terminal);
        HeapWatch.start();
        LogFields.process("job", job.root().toString());
        LogFields.process("worker", configuration.name());
        try (OpeningStore store = OpeningStore.start(job.storage())) {
            return run(configuration, terminal, store);
        }
    }

    private static ExitCode run(WorkerConfiguration configuration, Terminal terminal, OpeningStore opening)
            throws InterruptedException {
        JobConfiguration job = configuration.job();
        Supplier<StreamProgram> programs = Programs.of(job.program(), WorkerLauncher.class.getClassLoader());
        List<String> place =
                List.of(job.root().namespace(), job.root().job(), job.root().id(), configuration.name());
        MetricsRegistry metrics = new MetricsRegistry();
        try (WorkDirectory directory =
                WorkDirectory.open(configuration.workDirectory(), place, WorkDirectory.Left.KEPT)) {
            Ahead<Path> library = Ahead.begin("load native library", () -> NativeLibrary.load(directory.files()));
            Sources sources = Sources.of(Program.of(programs.get(), job.parameters(), 1, job.maxParallelism())
                    .graph());
            try (Transport transport = new NettyTransport(configuration.network(), new HostClock())) {
                ObjectStore store = opening.get();
                library.get();
                Env env = LoggedEnv.of(HostEnv.of(directory.files(), store));
                WorkerWatch watch =
                        new WorkerWatch(configuration, terminal, () -> sources.records(metrics), directory::close);
                WorkerProcess worker = WorkerProcess.start(
                        env,
                        transport,
                        workerJob(configuration, programs, env, metrics),
                        new WorkerProcess.Identity(configuration.name(), Optional.empty(), configuration.coordinator()),
                        watch::ended,
                        watch::broken);
                try (ProcessApi api = ProcessApi.ofWorker(configuration, worker, metrics)) {
                    terminal.say("worker " + configuration.name() + " of job " + job.root() + " program="
                            + job.program() + " slots=" + configuration.slots() + " coordinator="
                            + configuration.coordinator() + " listening=" + worker.endpoint() + " http="
                            + api.address() + " storage=" + store.describe() + " pid="
                            + ProcessHandle.current().pid());
                    return watch.untilEnd(worker);
                }
            }
        }
    }

    private static WorkerJob workerJob(
            WorkerConfiguration configuration, Supplier<StreamProgram> programs, Env env, MetricsRegistry metrics) {
        JobConfiguration job = configuration.job();
        return new WorkerJob(
                job.root(),
                new JobIdentity(job.root().job(), job.root().toString(), job.parameters()),
                parallelism -> Program.of(programs.get(), job.parameters(), parallelism, job.maxParallelism()),
                configuration.slots(),
                configuration.memory().stateBytes(),
                configuration.memory().networkBytes(),
                RocksSortedStore.factory(env.disk()),
                job.allowDroppedState(),
                job.timeouts(),
                metrics);
    }
}
