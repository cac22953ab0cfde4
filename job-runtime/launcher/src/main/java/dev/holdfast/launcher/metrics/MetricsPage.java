package dev.holdfast.launcher.metrics;

import dev.holdfast.engine.coordinator.JobMetrics;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.metrics.TaskCounters;
import dev.holdfast.engine.task.MetricsRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The page that Prometheus reads from a process: {@code /metrics} with {@link #MEDIA_TYPE}. Making one takes some 100 ms, once for
 * the process, since Micrometer looks at the JVM; a page takes some ms. {@link #text} may be called from any thread, several at once.
 */
public final class MetricsPage implements AutoCloseable {
    /** Of the text format of Prometheus. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();

    /** What a process that coordinates knows. */
    private record Coordinating(Supplier<JobStatus> status, JobMetrics metrics) {}

    private MetricsPage(
            String job, String worker, @Nullable MetricsRegistry tasks, @Nullable Coordinating coordinating) {
        Labels ofJob = Labels.of("job", job);
        Labels ofProcess = worker.isEmpty() ? ofJob : ofJob.merge(Labels.of("worker", worker));
        Tags tags = worker.isEmpty() ? Tags.of("job", job) : Tags.of("job", job, "worker", worker);
        registry.config().commonTags(tags);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collector.bindTo(registry);
        registry.getPrometheusRegistry()
                .register((MultiCollector) () -> collect(ofJob, ofProcess, tasks, coordinating));
    }

    /**
     * Of a coordinator.
     *
     * @param job the label {@code job}: its root in the bucket
     * @param status its present status, from any thread
     */
    public static MetricsPage ofCoordinator(String job, Supplier<JobStatus> status, JobMetrics metrics) {
        return new MetricsPage(job, "", null, new Coordinating(status, metrics));
    }

    /**
     * Of a worker.
     *
     * @param worker its name
     */
    public static MetricsPage ofWorker(String job, String worker, MetricsRegistry tasks) {
        return new MetricsPage(job, worker, tasks, null);
    }

    /** Of a job in one process; its label {@code worker} is "local". */
    public static MetricsPage ofLocal(
            String job, Supplier<JobStatus> status, JobMetrics metrics, MetricsRegistry tasks) {
        return new MetricsPage(job, "local", tasks, new Coordinating(status, metrics));
    }

    /** The page as it is now. */
    public String text() {
        return registry.scrape();
    }

    /** Ends the listening for collections of the heap. */
    @Override
    public void close() {
        collector.close();
        registry.close();
    }

    private static MetricSnapshots collect(
            Labels ofJob, Labels ofProcess, @Nullable MetricsRegistry tasks, @Nullable Coordinating coordinating) {
        Families families = new Families();
        if (coordinating != null) {
            MetricList.Coordinated job = new MetricList.Coordinated(
                    coordinating.status().get(), coordinating.metrics().checkpoints());
            families.read(MetricList.JOB, List.of(job), source -> ofJob);
        }
        if (tasks != null) {
            families.read(MetricList.WORKER, List.of(tasks), source -> ofProcess);
            if (tasks.runningAttempt() != 0) {
                List<TaskCounters> running = tasks.tasks().stream()
                        .map(MetricsRegistry.Counted::counters)
                        .toList();
                families.read(
                        MetricList.TASK,
                        running,
                        task -> ofProcess.merge(
                                Labels.of("vertex", task.vertex(), "subtask", Integer.toString(task.subtask()))));
                new OperatorMetrics(families, ofProcess).read(tasks);
            }
        }
        return new MetricSnapshots(families.snapshots());
    }
}
