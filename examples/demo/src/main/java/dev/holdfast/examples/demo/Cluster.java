package dev.holdfast.examples.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The processes of the job: the present coordinator behind its {@link Service}, and the workers. */
final class Cluster {
    static final int WORKERS = 3;
    static final int SLOTS_OF_WORKER = 2;
    /** What two workers can run, so that a lost one is not missed. */
    static final int PARALLELISM = 4;

    private final Children children;
    private final DemoOptions options;
    private final DemoFiles files;
    private final ServerProcess server;
    private final Service service;
    private final List<HoldfastProcess> workers = new ArrayList<>();
    private final List<HoldfastProcess> all = new ArrayList<>();
    private HoldfastProcess coordinator;

    private Cluster(Children children, DemoOptions options, DemoFiles files, ServerProcess server, Service service)
            throws IOException {
        this.children = children;
        this.options = options;
        this.files = files;
        this.server = server;
        this.service = service;
        this.coordinator = launchCoordinator();
    }

    static Cluster start(Children children, DemoOptions options, DemoFiles files, ServerProcess server, Service service)
            throws IOException {
        Cluster cluster = new Cluster(children, options, files, server, service);
        for (int i = 0; i < WORKERS; i++) {
            cluster.workers.add(cluster.launchWorker("worker-" + i));
        }
        return cluster;
    }

    HoldfastProcess coordinator() {
        return coordinator;
    }

    List<HoldfastProcess> workers() {
        return workers;
    }

    /** Every process that was ever started. */
    List<HoldfastProcess> all() {
        return all;
    }

    /** A new coordinator takes the place of the present one, which may be gone or frozen. */
    void replaceCoordinator() throws IOException {
        service.target(0);
        coordinator = launchCoordinator();
    }

    /** Starts a worker again under its name. */
    void restart(HoldfastProcess dead) throws IOException {
        workers.set(workers.indexOf(dead), launchWorker(dead.name()));
    }

    /** Points the service at the present coordinator as soon as it takes connections. */
    void route() {
        service.target(coordinator.port());
    }

    private HoldfastProcess launchCoordinator() throws IOException {
        return launch(
                "coordinator",
                "-Xmx256m",
                "--parallelism=" + PARALLELISM,
                "--listen-port=0",
                "--set=checkpoint.interval=1s",
                // The demo's own acts end attempts, some of them soon one after the other.
                "--set=restart.exponential-delay.initial=100ms",
                "--set=restart.exponential-delay.maximum=1s",
                "--set=restart.exponential-delay.reset-after=5s");
    }

    private HoldfastProcess launchWorker(String name) throws IOException {
        return launch(
                name,
                "-Xmx512m",
                "--coordinator=" + service.address(),
                "--worker-name=" + name,
                "--slots=" + SLOTS_OF_WORKER,
                "--state-memory=64m",
                "--work-directory=" + files.root().resolve("work"));
    }

    private HoldfastProcess launch(String name, String heap, String... own) throws IOException {
        Path libraries = options.libraries();
        List<String> command = new ArrayList<>(List.of(
                options.holdfast().toString(),
                "-cp",
                libraries.resolve("holdfast-example-wordcount.jar") + ":"
                        + libraries.resolve("holdfast-connector-files.jar"),
                name.equals("coordinator") ? "coordinator" : "worker",
                "--program=dev.holdfast.examples.wordcount.WordCount",
                "--name=word-count",
                "--storage=s3://" + ServerProcess.BUCKET + "/jobs",
                "--storage-endpoint=" + server.endpoint(),
                "--token-file=" + files.token(),
                "--listen-host=127.0.0.1",
                "--progress-interval=100ms",
                "--param=input=" + options.text(),
                "--param=repeat=" + options.repeat(),
                "--param=output=" + files.output()));
        command.addAll(List.of(own));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", JavaHome.path());
        environment.put("HOLDFAST_JAVA_OPTIONS", heap);
        environment.put("HOLDFAST_STORAGE_ACCESS_KEY", ServerProcess.ACCESS_KEY);
        environment.put("HOLDFAST_STORAGE_SECRET_KEY", ServerProcess.SECRET_KEY);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(files.log(name).toFile()));
        HoldfastProcess process = new HoldfastProcess(name, children.start(builder));
        all.add(process);
        return process;
    }
}
