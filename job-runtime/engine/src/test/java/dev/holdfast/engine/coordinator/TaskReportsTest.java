package dev.holdfast.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.TaskNumbers;
import dev.holdfast.engine.protocol.ToCoordinator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the coordinator knows of its tasks. */
class TaskReportsTest {
    private static final TaskId FIRST = new TaskId(0, 0);
    private static final TaskId SECOND = new TaskId(0, 1);

    private final TaskReports reports = new TaskReports();

    @Test
    void theNewestReportOfEachTaskCounts() {
        reports.reported(new ToCoordinator.Report(1, 7, List.of(numbers(FIRST, 10))), 100);
        reports.reported(new ToCoordinator.Report(2, 7, List.of(numbers(SECOND, 20))), 150);
        TaskReports.View early = reports.view();
        reports.reported(new ToCoordinator.Report(1, 7, List.of(numbers(FIRST, 30))), 200);

        assertThat(reports.view())
                .isEqualTo(new TaskReports.View(
                        7,
                        Map.of(
                                FIRST, new TaskReports.Report(1, 200, numbers(FIRST, 30)),
                                SECOND, new TaskReports.Report(2, 150, numbers(SECOND, 20)))));
        assertThat(early.tasks().get(FIRST).numbers().recordsIn()).isEqualTo(10);
    }

    @Test
    void aNewAttemptBeginsWithoutReports() {
        reports.reported(new ToCoordinator.Report(1, 7, List.of(numbers(FIRST, 10), numbers(SECOND, 10))), 100);
        reports.reported(new ToCoordinator.Report(3, 8, List.of(numbers(SECOND, 1))), 200);

        assertThat(reports.view().attempt()).isEqualTo(8);
        assertThat(reports.view().tasks()).containsOnlyKeys(SECOND);
    }

    private static TaskNumbers numbers(TaskId task, long records) {
        return new TaskNumbers(task, records, 0, 0, 0, 0, 0, 0);
    }
}
