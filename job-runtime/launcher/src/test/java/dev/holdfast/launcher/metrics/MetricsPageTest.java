package dev.holdfast.launcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.launcher.metrics.PrometheusText.Family;
import dev.holdfast.launcher.metrics.PrometheusText.Sample;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page that a monitoring system reads, by a reader that knows the format alone. */
class MetricsPageTest {
    private static final Set<String> TASK_LABELS = Set.of("job", "worker", "vertex", "subtask");
    private static final Set<String> OPERATOR_LABELS = Set.of("job", "worker", "operator", "subtask");

    private static SimulatedPage job;
    private static Map<String, Family> page;

    @BeforeAll
    static void run() {
        job = new SimulatedPage();
        try (MetricsPage local = job.local()) {
            page = PrometheusText.parse(local.text());
        }
    }

    @AfterAll
    static void end() {
        job.close();
    }

    @Test
    void everyMetricOfTheListIsThereWithItsTypeAndLabelsAndNoOther() {
        Set<String> listed = new LinkedHashSet<>();
        check(listed, MetricList.TASK, TASK_LABELS);
        check(listed, MetricList.WORKER, Set.of("job", "worker"));
        check(listed, MetricList.JOB, Set.of("job"));

        assertThat(page.keySet().stream()
                        .filter(name -> name.startsWith("holdfast_") && !name.startsWith(OperatorMetrics.PREFIX))
                        .collect(Collectors.toSet()))
                .isEqualTo(listed);
    }

    private static <T> void check(Set<String> listed, List<Metric<T>> metrics, Set<String> labels) {
        for (Metric<T> metric : metrics) {
            listed.add(metric.name());
            Family family = page.get(metric.name());
            assertThat(family).as(metric.name()).isNotNull();
            assertThat(family.type()).as(metric.name()).isEqualTo(metric.type());
            assertThat(family.help()).as(metric.name()).isEqualTo(metric.meaning());
            assertThat(family.samples()).as(metric.name()).allSatisfy(sample -> {
                Set<String> names = new TreeSet<>(sample.labels().keySet());
                names.remove("quantile");
                assertThat(names).as("%s", sample).isEqualTo(labels);
            });
        }
    }

    @Test
    void namesFollowTheConventions() {
        List<Metric<?>> all = new ArrayList<>();
        all.addAll(MetricList.TASK);
        all.addAll(MetricList.WORKER);
        all.addAll(MetricList.JOB);
        for (Metric<?> metric : all) {
            assertThat(metric.name()).matches("holdfast_(task|network|source|state|worker|checkpoint|job)_[a-z_]+");
            assertThat(metric.name().endsWith("_total")).isEqualTo(metric.type().equals("counter"));
            String base = metric.name().replaceFirst("_total$", "");
            assertThat(base.endsWith("_seconds"))
                    .as(metric.name())
                    .isEqualTo(metric.unit().startsWith("seconds"));
            assertThat(base.endsWith("_bytes"))
                    .as(metric.name())
                    .isEqualTo(metric.unit().equals("bytes"));
        }
    }

    @Test
    void numbersAreThoseOfTheJob() {
        double read = sum("holdfast_task_records_in_total", "vertex", "numbers");
        assertThat(read)
                .isBetween(
                        0.8 * SimulatedPage.RATE * SimulatedPage.SECONDS,
                        1.2 * SimulatedPage.RATE * SimulatedPage.SECONDS);
        assertThat(sum("holdfast_task_records_out_total", "vertex", "numbers")).isEqualTo(read);
        assertThat(sum("holdfast_task_records_in_total", "vertex", "count")).isBetween(0.9 * read, read);
        assertThat(sum("holdfast_operator_words_seen_total", "operator", "count"))
                .isEqualTo(sum("holdfast_task_records_in_total", "vertex", "count"));
        double seconds = 0;
        for (String use : List.of("busy", "idle", "backpressured", "turn_wait")) {
            seconds += sum("holdfast_task_" + use + "_seconds_total", "vertex", "count");
        }
        assertThat(seconds).isBetween(2 * 0.95 * SimulatedPage.SECONDS, 2.0 * SimulatedPage.SECONDS);
        assertThat(sum("holdfast_state_hits_total", "vertex", "count")).isPositive();
        assertThat(sum("holdfast_source_pending_records", "vertex", "numbers")).isPositive();
        assertThat(sum("holdfast_worker_tasks", "worker", "local")).isEqualTo(4);
        assertThat(sum("holdfast_job_running", "job", job())).isEqualTo(1);
        double completed = sum("holdfast_checkpoint_completed_total", "job", job());
        assertThat(completed).isGreaterThan(10);
        for (String phase : List.of("duration", "acknowledge", "store")) {
            Family family = page.get("holdfast_checkpoint_" + phase + "_seconds");
            assertThat(value(family, "_count", "")).as(phase).isEqualTo(completed);
            assertThat(value(family, "", "1.0")).as(phase).isBetween(0.000_01, 5.0);
        }
    }

    @Test
    void metricsOfOperatorsShowHoweverTheyAreNamed() {
        Set<String> names = page.keySet().stream()
                .filter(name -> name.startsWith(OperatorMetrics.PREFIX))
                .collect(Collectors.toSet());

        assertThat(names)
                .contains(
                        "holdfast_operator_words_seen_total",
                        "holdfast_operator_sizes",
                        "holdfast_operator_sizes_count_value",
                        "holdfast_operator_broken",
                        "holdfast_operator_side_output_dropped",
                        "holdfast_operator_records_discarded_total");
        for (String name : names) {
            assertThat(page.get(name).samples()).as(name).allSatisfy(sample -> {
                Set<String> labels = new TreeSet<>(sample.labels().keySet());
                labels.remove("quantile");
                assertThat(labels).isEqualTo(OPERATOR_LABELS);
            });
        }
        assertThat(page.get("holdfast_operator_broken").samples()).allMatch(sample -> Double.isNaN(sample.value()));
        assertThat(names.size()).as("names made of data are bounded").isLessThan(120);
    }

    @Test
    void numbersOfTheJvmAreThereWithTheLabelsOfTheProcess() {
        for (Metric<?> metric : JvmList.ALL) {
            Family family = page.get(metric.name());
            if (family != null) {
                assertThat(family.type()).as(metric.name()).isEqualTo(metric.type());
                assertThat(family.samples()).allMatch(sample -> sample.labels().containsKey("job"));
                assertThat(family.samples())
                        .allMatch(sample -> "local".equals(sample.labels().get("worker")));
            } else {
                assertThat(JvmList.NOT_ALWAYS)
                        .as("%s is not on the page", metric.name())
                        .contains(metric.name());
            }
        }
        assertThat(page.keySet().stream().filter(name -> !name.startsWith("holdfast_")))
                .as("metrics that the docs do not list")
                .isSubsetOf(JvmList.ALL.stream().map(Metric::name).toList());
    }

    @Test
    void aCoordinatorAndAWorkerShowTheirParts() {
        try (MetricsPage coordinator = job.coordinator();
                MetricsPage worker = job.worker()) {
            Map<String, Family> ofCoordinator = PrometheusText.parse(coordinator.text());
            Map<String, Family> ofWorker = PrometheusText.parse(worker.text());

            assertThat(ofCoordinator).containsKeys("holdfast_job_running", "jvm_memory_used_bytes");
            assertThat(ofCoordinator).doesNotContainKeys("holdfast_task_records_in_total", "holdfast_worker_tasks");
            assertThat(ofWorker).containsKeys("holdfast_task_records_in_total", "holdfast_checkpoint_upload_seconds");
            assertThat(ofWorker).doesNotContainKey("holdfast_job_running");
            assertThat(ofWorker.get("holdfast_task_records_in_total").samples())
                    .allMatch(sample -> "w1".equals(sample.labels().get("worker")));
        }
        assertThat(MetricsPage.MEDIA_TYPE).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void tasksThatHaveEndedAreNotShown() {
        try (SimulatedPage ending = new SimulatedPage();
                MetricsPage local = ending.local()) {
            ending.job.cancel();
            ending.world.runUntil(() -> ending.job.status().phase().isFinal(), 60_000_000_000L);
            ending.world.runUntil(() -> false, 1_000_000_000L);

            Map<String, Family> after = PrometheusText.parse(local.text());

            assertThat(after).doesNotContainKeys("holdfast_task_records_in_total", "holdfast_operator_sizes");
            assertThat(after.get("holdfast_worker_tasks").samples().getFirst().value())
                    .isZero();
        }
    }

    /** As the format writes it. */
    private static String job() {
        return SimulatedPage.JOB.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static double sum(String name, String label, String value) {
        return page.get(name).samples().stream()
                .filter(sample -> value.equals(sample.labels().get(label)))
                .mapToDouble(Sample::value)
                .sum();
    }

    private static double value(Family family, String ending, String quantile) {
        return family.samples().stream()
                .filter(sample -> sample.name().equals(family.name() + ending))
                .filter(sample -> sample.labels().getOrDefault("quantile", "").equals(quantile))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
