package dev.holdfast.engine.task;

import dev.holdfast.engine.metrics.Distribution;
import dev.holdfast.engine.metrics.TaskCounters;
import dev.holdfast.engine.protocol.TaskId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The metrics of all tasks of a process, and of all operators in them, of the newest attempt. They stay readable when that has
 * ended, until the next one begins here. Callable from any thread.
 */
public final class MetricsRegistry {
    private final Map<Place, TaskMetrics> metrics = new ConcurrentHashMap<>();
    private final Map<TaskId, TaskCounters> tasks = new ConcurrentHashMap<>();
    private final Distribution uploadNs = new Distribution();
    private volatile long running;

    /** Whose metrics they are. */
    public record Place(String operator, int subtask) {}

    /** A task and its numbers. */
    public record Counted(TaskId task, TaskCounters counters) {}

    /** An attempt begins in this process: those of earlier ones go. */
    public void begin(long attempt) {
        metrics.clear();
        tasks.clear();
        running = attempt;
    }

    /** No task runs any more. */
    public void end() {
        running = 0;
    }

    /** Number of the attempt whose tasks run, or 0. */
    public long runningAttempt() {
        return running;
    }

    /** How long this process took to upload its part of a checkpoint, in all attempts. Written on the worker's thread. */
    public Distribution uploadNs() {
        return uploadNs;
    }

    /** Fresh metrics for an operator in a task; they replace those of an earlier attempt. */
    TaskMetrics add(String operator, int subtask) {
        TaskMetrics fresh = new TaskMetrics();
        metrics.put(new Place(operator, subtask), fresh);
        return fresh;
    }

    /** Takes the numbers of a task. */
    void add(TaskId task, TaskCounters counters) {
        tasks.put(task, counters);
    }

    /** The metrics that operators made themselves. */
    public void forEach(BiConsumer<Place, TaskMetrics> action) {
        metrics.forEach(action);
    }

    /** The numbers of all tasks, in the order of the plan. */
    public List<Counted> tasks() {
        return tasks.entrySet().stream()
                .map(entry -> new Counted(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(
                                (Counted counted) -> counted.task().vertex())
                        .thenComparingInt(counted -> counted.task().subtask()))
                .toList();
    }

    /** The sum of a metric that operators made themselves, over all tasks of all operators that have it. */
    public double sum(String name) {
        double sum = 0;
        for (TaskMetrics task : metrics.values()) {
            sum += task.read().getOrDefault(name, 0.0);
        }
        return sum;
    }
}
