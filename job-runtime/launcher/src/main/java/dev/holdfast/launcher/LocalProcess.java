package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.engine.local.LocalJob;
import dev.holdfast.engine.local.LocalSettings;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import dev.holdfast.storage.s3.ObjectStores;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs one job in this process.
 *
 * <ol>
 *   <li>The program is found and described once: what is wrong with it is known before anything is opened.
 *   <li>Work directory, native library and store are opened; the coordinator probes the store before it takes the job.
 *   <li>The calling thread prints progress until the job has ended ({@link JobWatch}).
 * </ol>
 */
final class LocalProcess {
    private LocalProcess() {}

    /**
     * Runs a job until it has ended, or a signal ends the process.
     *
     * @throws HoldfastException if it cannot be started
     */
    static ExitCode run(LocalConfiguration configuration, GivenSettings given, Terminal terminal)
            throws InterruptedException {
        JobConfiguration job = configuration.job();
        configuration.memory().announce(terminal);
        HeapWatch.start();
        LogFields.process("job", job.root().toString());
        CoordinationConfiguration coordination = configuration.coordination();
        Supplier<StreamProgram> programs = Programs.of(job.program(), LocalProcess.class.getClassLoader());
        Sources sources = Sources.of(
                Program.of(programs.get(), job.parameters(), coordination.parallelism(), job.maxParallelism())
                        .graph());
        List<String> place =
                List.of(job.root().namespace(), job.root().job(), job.root().id());
        try (WorkDirectory directory =
                        WorkDirectory.open(configuration.workDirectory(), place, WorkDirectory.Left.DELETED);
                ObjectStore store = ObjectStores.open(job.storage())) {
            NativeLibrary.load(directory.files());
            Env env = LoggedEnv.of(HostEnv.of(directory.files(), store));
            LocalJob running = LocalJob.start(env, settings(configuration, env), programs, status -> {});
            try (ProcessApi api =
                    ProcessApi.ofJob(configuration.http(), Role.LOCAL, running.control(), given, running.metrics())) {
                terminal.say("job " + job.root() + " program=" + job.program() + " parallelism="
                        + coordination.parallelism() + " storage=" + store.describe() + " http=" + api.address()
                        + " pid=" + ProcessHandle.current().pid());
                ExitCode code =
                        new JobWatch(coordination, terminal, new Watched(running, sources, directory)).untilEnd();
                api.awaitReaders();
                return code;
            }
        }
    }

    private static LocalSettings settings(LocalConfiguration configuration, Env env) {
        JobConfiguration job = configuration.job();
        return new LocalSettings(
                job.root().job(),
                job.parameters(),
                job.maxParallelism(),
                configuration.memory().stateBytes(),
                RocksSortedStore.factory(env.disk()),
                configuration
                        .coordination()
                        .jobSettings(job, "local-" + ProcessHandle.current().pid()));
    }

    private record Watched(LocalJob job, Sources sources, WorkDirectory directory) implements JobWatch.WithTasks {
        @Override
        public JobStatus status() {
            return job.status();
        }

        @Override
        public void stopWithSavepoint(String name) {
            job.stopWithSavepoint(name);
        }

        @Override
        public long sourceRecords() {
            return sources.records(job.metrics());
        }

        @Override
        public void release() {
            directory.close();
        }
    }
}
