package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.TaskNumbers;
import dev.holdfast.engine.protocol.ToCoordinator;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest numbers of each task of the present attempt. Written on the coordinator's thread; {@link #view} may be called from any.
 */
public final class TaskReports {
    private static final Comparator<TaskId> ORDER =
            Comparator.comparingInt(TaskId::vertex).thenComparingInt(TaskId::subtask);

    private final TreeMap<TaskId, Report> newest = new TreeMap<>(ORDER);
    private volatile View view = new View(0, Map.of());

    TaskReports() {}

    /**
     * The numbers of one task.
     *
     * @param worker number of the worker that runs it
     * @param reportedWallMs when the coordinator got them
     */
    public record Report(int worker, long reportedWallMs, TaskNumbers numbers) {}

    /**
     * The numbers of all tasks that have reported.
     *
     * @param attempt of which they are; 0 before the first report
     * @param tasks by task; never changes
     */
    public record View(long attempt, Map<TaskId, Report> tasks) {
        public View {
            tasks = Map.copyOf(tasks);
        }
    }

    /** What is known now. */
    public View view() {
        return view;
    }

    /** A report of the present attempt has come. */
    void reported(ToCoordinator.Report report, long nowWallMs) {
        if (report.attempt() != view.attempt()) {
            newest.clear();
        }
        for (TaskNumbers numbers : report.tasks()) {
            newest.put(numbers.task(), new Report(report.worker(), nowWallMs, numbers));
        }
        view = new View(report.attempt(), newest);
    }
}
