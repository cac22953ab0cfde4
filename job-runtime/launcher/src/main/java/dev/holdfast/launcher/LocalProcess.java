package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Node;
import dev.holdfast.engine.local.LocalJob;
import dev.holdfast.engine.local.LocalSettings;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import dev.holdfast.storage.s3.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.rocksdb.NativeLibraryLoader;

/**
 * Runs one job in this process.
 *
 * <ol>
 *   <li>The program is found and described once: what is wrong with it is known before anything is opened.
 *   <li>Work directory, native library and store are opened; the coordinator probes the store before it takes the job.
 *   <li>The calling thread prints progress until the job has ended.
 * </ol>
 *
 * <p>A signal ends the process as a kill would, and the next start goes on from the last checkpoint: the log gets no End,
 * which would say that the job itself is over. With a savepoint to take on stop, the process waits until that is complete.
 */
final class LocalProcess {
    /** How long a record, a new phase or the end may go unseen. */
    private static final long LOOK_MS = 20;

    private final LocalConfiguration configuration;
    private final Terminal terminal;
    private final LocalJob job;
    private final Set<String> sources;
    private final WorkDirectory directory;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ExitCode code = ExitCode.FAILED;
    private volatile boolean stopping;

    private LocalProcess(
            LocalConfiguration configuration,
            Terminal terminal,
            LocalJob job,
            Set<String> sources,
            WorkDirectory directory) {
        this.configuration = configuration;
        this.terminal = terminal;
        this.job = job;
        this.sources = sources;
        this.directory = directory;
    }

    /**
     * Runs a job until it has ended, or a signal ends the process.
     *
     * @throws HoldfastException if it cannot be started
     */
    static ExitCode run(LocalConfiguration configuration, Terminal terminal) throws InterruptedException {
        Supplier<StreamProgram> programs = Programs.of(configuration.program(), LocalProcess.class.getClassLoader());
        LogicalGraph graph = Program.of(
                        programs.get(),
                        configuration.parameters(),
                        configuration.parallelism(),
                        configuration.maxParallelism())
                .graph();
        try (WorkDirectory directory = WorkDirectory.open(configuration.workDirectory(), configuration.root());
                ObjectStore store = ObjectStores.open(configuration.storage())) {
            loadNativeLibrary(directory.files());
            Env env = HostEnv.of(directory.files(), store);
            terminal.say("job " + configuration.root() + " program=" + configuration.program() + " parallelism="
                    + configuration.parallelism() + " storage=" + store.describe() + " pid="
                    + ProcessHandle.current().pid());
            LocalJob job = LocalJob.start(env, settings(configuration, env), programs, status -> {});
            return new LocalProcess(configuration, terminal, job, sources(graph), directory).untilEnd();
        }
    }

    private static LocalSettings settings(LocalConfiguration configuration, Env env) {
        return new LocalSettings(
                configuration.root().job(),
                configuration.parameters(),
                configuration.parallelism(),
                configuration.maxParallelism(),
                configuration.stateMemoryBytes(),
                RocksSortedStore.factory(env.disk()),
                new JobSettings(
                        configuration.root(),
                        "local-" + ProcessHandle.current().pid(),
                        configuration.checkpoint(),
                        configuration.restart(),
                        configuration.restore(),
                        configuration.restoreNonce(),
                        configuration.allowDroppedState(),
                        configuration.timeouts()));
    }

    private static Set<String> sources(LogicalGraph graph) {
        return graph.operators().stream()
                .filter(operator -> operator.node() instanceof Node.Read)
                .map(LogicalGraph.Operator::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Unpacks the library where it goes away with the process; by itself RocksDB leaves one in /tmp for each kill. */
    private static void loadNativeLibrary(Path directory) {
        try {
            Files.createDirectories(directory);
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        } catch (IOException | UnsatisfiedLinkError e) {
            throw ConfigurationErrors.workDirectory(
                    directory.toString(), "the native library of RocksDB cannot be loaded from it: " + e, e);
        }
    }

    private ExitCode untilEnd() throws InterruptedException {
        Thread hook = new Thread(this::stopBySignal, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        code = watch();
        ended.countDown();
        if (!stopping) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return code;
    }

    private ExitCode watch() throws InterruptedException {
        Progress progress = new Progress(System.nanoTime());
        JobStatus.Phase lastPhase = JobStatus.Phase.STARTING;
        boolean first = true;
        long lastNs = System.nanoTime();
        while (true) {
            JobStatus status = job.status();
            progress.count(sourceRecords());
            if (status.phase().isFinal()) {
                terminal.say(progress.end(status));
                ExitCode end = ExitCode.of(status.phase());
                if (end != ExitCode.DONE) {
                    terminal.error(status.message(), null);
                }
                return end;
            }
            if (stopping && status.message().startsWith("stop with savepoint")) {
                terminal.error(status.message(), null);
                return ExitCode.FAILED;
            }
            long nowNs = System.nanoTime();
            boolean firstRecord = first && progress.records() > 0;
            boolean due = firstRecord
                    || status.phase() != lastPhase
                    || nowNs - lastNs >= configuration.progressInterval().toNanos();
            if (due && !(stopping && endsAtOnce())) {
                terminal.say(progress.line(status, nowNs, System.currentTimeMillis()));
                lastNs = nowNs;
                lastPhase = status.phase();
                first = first && !firstRecord;
            }
            ended.await(LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private long sourceRecords() {
        double[] sum = new double[1];
        job.metrics().forEach((place, metrics) -> {
            if (sources.contains(place.operator())) {
                sum[0] += metrics.read().getOrDefault("records", 0.0);
            }
        });
        return (long) sum[0];
    }

    private static String whatIsNext(JobStatus status) {
        if (status.generation() == 0) {
            return "the job had not begun";
        }
        long last = status.lastCheckpoint().map(JobStatus.CheckpointInfo::id).orElse(status.restoredCheckpoint());
        return "the next start goes on from "
                + (last == 0 ? "the beginning, or a first checkpoint" : "checkpoint " + last + " or a newer one");
    }

    private boolean endsAtOnce() {
        return configuration.savepointOnStop().isEmpty();
    }

    /** On a thread of the JVM's, while all others run on. When it returns, the JVM ends. */
    private void stopBySignal() {
        stopping = true;
        if (endsAtOnce()) {
            terminal.say("stopped by a signal; " + whatIsNext(job.status()));
            Logging.end();
            directory.close();
            return;
        }
        job.stopWithSavepoint(configuration.savepointOnStop().get());
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        directory.close();
        Runtime.getRuntime().halt(code.number());
    }
}
