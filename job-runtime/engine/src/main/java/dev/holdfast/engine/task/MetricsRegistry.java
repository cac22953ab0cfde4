package dev.holdfast.engine.task;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** The metrics of all operators in all tasks of a process, of the newest attempt. Callable from any thread. */
public final class MetricsRegistry {
    private final Map<Place, TaskMetrics> metrics = new ConcurrentHashMap<>();

    /** Whose metrics they are. */
    public record Place(String operator, int subtask) {}

    /** Fresh metrics for an operator in a task; they replace those of an earlier attempt. */
    TaskMetrics add(String operator, int subtask) {
        TaskMetrics fresh = new TaskMetrics();
        metrics.put(new Place(operator, subtask), fresh);
        return fresh;
    }

    public void forEach(BiConsumer<Place, TaskMetrics> action) {
        metrics.forEach(action);
    }

    /** The sum of a metric over all tasks of all operators that have it. */
    public double sum(String name) {
        double sum = 0;
        for (TaskMetrics task : metrics.values()) {
            sum += task.read().getOrDefault(name, 0.0);
        }
        return sum;
    }
}
