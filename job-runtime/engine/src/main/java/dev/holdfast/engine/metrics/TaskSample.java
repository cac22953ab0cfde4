package dev.holdfast.engine.metrics;

import dev.holdfast.engine.metrics.TaskTimes.Use;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of a task at one moment; two of them say what happened between. From any thread.
 *
 * @param spentNs time of each use
 * @param blockedNs of each channel out of the task, in their order
 */
public record TaskSample(
        Map<Use, Long> spentNs,
        long recordsIn,
        long recordsOut,
        long hits,
        long misses,
        long flushNs,
        List<Long> blockedNs) {
    public TaskSample {
        spentNs = Map.copyOf(spentNs);
        blockedNs = List.copyOf(blockedNs);
    }

    /** The present numbers. */
    public static TaskSample of(TaskCounters counters) {
        Map<Use, Long> spent = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            spent.put(use, counters.times().spentNs(use));
        }
        return new TaskSample(
                spent,
                counters.recordsIn().value(),
                counters.recordsOut(),
                counters.state().hits.value(),
                counters.state().misses.value(),
                counters.state().flushNs.value(),
                counters.outputs().stream()
                        .map(output -> output.blockedNs().value())
                        .toList());
    }

    /** Time that the task has told of since an earlier sample. */
    public long elapsedNs(TaskSample before) {
        long sum = 0;
        for (Use use : Use.values()) {
            sum += spentNs(use, before);
        }
        return sum;
    }

    /** Share of the time since an earlier sample that was used so, 0 to 1. */
    public double share(Use use, TaskSample before) {
        return part(spentNs(use, before), elapsedNs(before));
    }

    /** What the task did since an earlier sample of it, as {@link Limits} wants to know it. */
    public TaskFacts facts(TaskCounters counters, TaskSample before) {
        long reads = hits - before.hits + misses - before.misses;
        return new TaskFacts(
                counters.name(),
                counters.subtask(),
                counters.isSource(),
                share(Use.BUSY, before),
                share(Use.STALLED, before),
                share(Use.BACK_PRESSURED, before),
                share(Use.IDLE, before),
                part(misses - before.misses, reads),
                part(flushNs - before.flushNs, elapsedNs(before)),
                blocker(counters, before));
    }

    private Optional<TaskFacts.Blocker> blocker(TaskCounters counters, TaskSample before) {
        List<OutputCounters> outputs = counters.outputs();
        long most = 0;
        Optional<TaskFacts.Blocker> blocker = Optional.empty();
        for (int i = 0; i < Math.min(outputs.size(), blockedNs.size()); i++) {
            long grown = blockedNs.get(i) - (i < before.blockedNs.size() ? before.blockedNs.get(i) : 0);
            if (grown > most) {
                most = grown;
                blocker = Optional.of(new TaskFacts.Blocker(
                        outputs.get(i).reader(), outputs.get(i).worker()));
            }
        }
        return blocker;
    }

    private long spentNs(Use use, TaskSample before) {
        return spentNs.getOrDefault(use, 0L) - before.spentNs.getOrDefault(use, 0L);
    }

    private static double part(long of, long whole) {
        return whole <= 0 ? 0 : Math.clamp((double) of / whole, 0, 1);
    }
}
