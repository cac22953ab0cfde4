package dev.holdfast.launcher;

import dev.holdfast.engine.coordinator.JobControl;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.task.MetricsRegistry;
import dev.holdfast.engine.worker.WorkerProcess;
import dev.holdfast.engine.worker.WorkerStatus;
import dev.holdfast.launcher.http.HttpApi;
import dev.holdfast.launcher.http.HttpSettings;
import dev.holdfast.launcher.http.Response;
import dev.holdfast.launcher.http.Route;
import dev.holdfast.launcher.metrics.MetricsPage;
import dev.holdfast.launcher.rest.ConfigurationRoutes;
import dev.holdfast.launcher.rest.JobRoutes;
import dev.holdfast.launcher.rest.OpenApi;
import dev.holdfast.launcher.rest.OperationRoutes;
import dev.holdfast.launcher.rest.Probes;
import dev.holdfast.launcher.rest.Profiles;
import dev.holdfast.launcher.rest.Resources;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one process answers by HTTP: puts its routes together, and starts the server. */
final class ProcessApi implements AutoCloseable {
    /** Who has asked for the end of the job looks several times a second how far it is. */
    private static final long READERS_MS = 5_000;

    private final @Nullable HttpApi http;
    private final @Nullable OperationRoutes operations;
    private final Profiles profiles;
    private final LazyMetricsPage metrics;

    private ProcessApi(
            @Nullable HttpApi http, @Nullable OperationRoutes operations, Profiles profiles, LazyMetricsPage metrics) {
        this.http = http;
        this.operations = operations;
        this.profiles = profiles;
        this.metrics = metrics;
    }

    /**
     * That of a process which coordinates a job.
     *
     * @param tasks what the tasks count that run in this process too; null where none do
     */
    static ProcessApi ofJob(
            Optional<HttpSettings> settings,
            Role role,
            JobControl job,
            GivenSettings given,
            @Nullable MetricsRegistry tasks) {
        String root = job.root().toString();
        LazyMetricsPage metrics = new LazyMetricsPage(() -> tasks == null
                ? MetricsPage.ofCoordinator(root, () -> job.view().status(), job.metrics())
                : MetricsPage.ofLocal(root, () -> job.view().status(), job.metrics(), tasks));
        String mark = mark();
        OperationRoutes operations = new OperationRoutes(job, mark);
        Profiles profiles = new Profiles(mark);
        List<Route> routes = routesOfJob(
                job,
                operations,
                profiles,
                metrics,
                new LiveConfiguration(role, given, job),
                settings.map(HttpSettings::liveness).orElse(Duration.ZERO));
        return new ProcessApi(
                settings.map(found -> HttpApi.start(found, routes)).orElse(null), operations, profiles, metrics);
    }

    static List<Route> routesOfJob(
            JobControl job,
            OperationRoutes operations,
            Profiles profiles,
            LazyMetricsPage metrics,
            ConfigurationRoutes.Settings configuration,
            Duration liveness) {
        List<Route> routes = new ArrayList<>(JobRoutes.of(job));
        routes.addAll(operations.routes());
        routes.addAll(ConfigurationRoutes.of(configuration));
        routes.addAll(ofEveryProcess(profiles, metrics, job::ping, liveness, () -> unready(job)));
        return routes;
    }

    /** That of a worker. */
    static ProcessApi ofWorker(WorkerConfiguration configuration, WorkerProcess worker, MetricsRegistry tasks) {
        LazyMetricsPage metrics = new LazyMetricsPage(
                () -> MetricsPage.ofWorker(configuration.job().root().toString(), configuration.name(), tasks));
        Profiles profiles = new Profiles(mark());
        Supplier<Resources.WorkerStatus> status = () -> {
            WorkerStatus now = worker.status();
            return new Resources.WorkerStatus(
                    configuration.name(),
                    now.phase().name(),
                    now.generation(),
                    now.attempt(),
                    now.text(),
                    configuration.slots());
        };
        return new ProcessApi(
                configuration
                        .http()
                        .map(settings -> HttpApi.start(
                                settings, routesOfWorker(profiles, metrics, worker::ping, settings.liveness(), status)))
                        .orElse(null),
                null,
                profiles,
                metrics);
    }

    static List<Route> routesOfWorker(
            Profiles profiles,
            LazyMetricsPage metrics,
            Consumer<Runnable> mailbox,
            Duration liveness,
            Supplier<Resources.WorkerStatus> status) {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get(
                "/api/v1/worker",
                "What this worker is doing.",
                Resources.WorkerStatus.class,
                request -> Response.json(200, status.get())));
        routes.addAll(ofEveryProcess(profiles, metrics, mailbox, liveness, () -> unready(status.get())));
        return routes;
    }

    private static List<Route> ofEveryProcess(
            Profiles profiles,
            LazyMetricsPage metrics,
            Consumer<Runnable> mailbox,
            Duration liveness,
            Supplier<Optional<String>> unready) {
        List<Route> routes = new ArrayList<>(new Probes(mailbox, liveness, unready).routes());
        routes.addAll(profiles.routes());
        routes.add(metrics.route());
        routes.add(OpenApi.route());
        return routes;
    }

    /** A coordinator is ready when it has taken the job over: workers may come, and people may ask. */
    private static Optional<String> unready(JobControl job) {
        JobStatus status = job.view().status();
        if (status.phase().isFinal()) {
            return Optional.of("the job is " + status.phase());
        }
        return status.generation() == 0 ? Optional.of("the job's log is being read") : Optional.empty();
    }

    /** A worker is ready when it offers its slots. */
    private static Optional<String> unready(Resources.WorkerStatus status) {
        return status.phase().equals(WorkerStatus.Phase.READY.name())
                ? Optional.empty()
                : Optional.of(status.phase() + ": " + status.message());
    }

    /** Ids of other processes' operations are told from those of this one by it. */
    private static String mark() {
        return Long.toString(new SecureRandom().nextLong() >>> 24, Character.MAX_RADIX);
    }

    /** Where the process answers, for its first line. */
    String address() {
        return http == null
                ? "off"
                : http.address().getAddress().getHostAddress() + ":"
                        + http.address().getPort();
    }

    /** The job has ended: lets those read it who have asked for that. */
    void awaitReaders() throws InterruptedException {
        if (http != null && operations != null) {
            operations.awaitReaders(READERS_MS);
        }
    }

    @Override
    public void close() {
        if (http != null) {
            http.close();
        }
        profiles.close();
        metrics.close();
    }
}
