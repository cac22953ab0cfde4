package dev.holdfast.launcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of docs/reference/metrics.md are made from the lists in the code. {@code make docs} writes them anew. */
class MetricsReferenceTest {
    private static final boolean UPDATE = Boolean.getBoolean("holdfast.update-docs");
    private static final String PAGE = "docs/reference/metrics.md";

    @Test
    void listsTheMetricsOfTasks() throws IOException {
        assertTable("tasks", table(MetricList.TASK));
    }

    @Test
    void listsTheMetricsOfWorkers() throws IOException {
        assertTable("workers", table(MetricList.WORKER));
    }

    @Test
    void listsTheMetricsOfTheJob() throws IOException {
        assertTable("job", table(MetricList.JOB));
    }

    @Test
    void listsTheMetricsOfTheJvm() throws IOException {
        assertTable("JVM", table(JvmList.ALL));
    }

    private static <T> String table(List<Metric<T>> metrics) {
        StringBuilder table = new StringBuilder("| metric | type | unit | meaning |\n| --- | --- | --- | --- |\n");
        for (Metric<T> metric : metrics) {
            table.append("| `%s` | %s | %s | %s |\n"
                    .formatted(metric.name(), metric.type(), metric.unit(), metric.meaning()));
        }
        return table.toString();
    }

    private static void assertTable(String name, String wanted) throws IOException {
        Path file = root().resolve(PAGE);
        String text = Files.readString(file);
        String begin = "<!-- " + name + ": written by MetricsReferenceTest -->\n";
        String end = "<!-- end of " + name + " -->";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        if (UPDATE) {
            Files.writeString(file, text.substring(0, from) + wanted + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("the table of %s in %s; `make docs` writes it anew", name, PAGE)
                .isEqualTo(wanted);
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve(PAGE))) {
            root = root.getParent();
        }
        if (root == null) {
            throw new AssertionError("this test runs within the repository");
        }
        return root;
    }
}
