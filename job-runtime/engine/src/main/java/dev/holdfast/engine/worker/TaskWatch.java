package dev.holdfast.engine.worker;

import dev.holdfast.engine.metrics.Limits;
import dev.holdfast.engine.metrics.TaskFacts;
import dev.holdfast.engine.metrics.TaskSample;
import dev.holdfast.engine.metrics.TaskTimes.Use;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.TaskNumbers;
import dev.holdfast.engine.task.MetricsRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what the tasks of a running attempt do: numbers for the coordinator about once a second, and for people, in the log, once a
 * minute what limits them. On the worker's thread; it only reads what tasks count.
 */
final class TaskWatch {
    private static final System.Logger LOG = System.getLogger(TaskWatch.class.getName());

    private static final long REPORT_EVERY_NS = 1_000_000_000L;
    private static final long SAY_EVERY_NS = 60_000_000_000L;

    private final MetricsRegistry metrics;
    private Map<TaskId, TaskSample> reported;
    private Map<TaskId, TaskSample> said;
    private long reportedNs;
    private long saidNs;

    /** The tasks begin to run now. */
    TaskWatch(MetricsRegistry metrics, long nowNs) {
        this.metrics = metrics;
        this.reported = sample();
        this.said = reported;
        this.reportedNs = nowNs;
        this.saidNs = nowNs;
    }

    /** The numbers of all tasks, if it is time for them; says in the log what limits the tasks, if it is time for that. */
    Optional<List<TaskNumbers>> step(long nowNs) {
        if (nowNs - saidNs >= SAY_EVERY_NS) {
            saidNs = nowNs;
            LOG.log(System.Logger.Level.INFO, "limited by: " + limit());
            said = sample();
        }
        if (nowNs - reportedNs < REPORT_EVERY_NS) {
            return Optional.empty();
        }
        List<TaskNumbers> numbers = numbers(nowNs - reportedNs);
        reportedNs = nowNs;
        return Optional.of(numbers);
    }

    private String limit() {
        List<TaskFacts> facts = new ArrayList<>();
        for (MetricsRegistry.Counted counted : metrics.tasks()) {
            TaskSample before = said.get(counted.task());
            if (before != null) {
                facts.add(TaskSample.of(counted.counters()).facts(counted.counters(), before));
            }
        }
        return Limits.of(facts);
    }

    private List<TaskNumbers> numbers(long elapsedNs) {
        Map<TaskId, TaskSample> samples = sample();
        List<TaskNumbers> numbers = new ArrayList<>();
        for (MetricsRegistry.Counted counted : metrics.tasks()) {
            TaskSample now = samples.get(counted.task());
            TaskSample before = reported.get(counted.task());
            if (now != null && before != null) {
                numbers.add(new TaskNumbers(
                        counted.task(),
                        now.recordsIn(),
                        now.recordsOut(),
                        perSecond(now.recordsIn() - before.recordsIn(), elapsedNs),
                        perSecond(now.recordsOut() - before.recordsOut(), elapsedNs),
                        ms(now.share(Use.BUSY, before) + now.share(Use.STALLED, before)),
                        ms(now.share(Use.IDLE, before)),
                        ms(now.share(Use.BACK_PRESSURED, before))));
            }
        }
        reported = samples;
        return numbers;
    }

    private Map<TaskId, TaskSample> sample() {
        Map<TaskId, TaskSample> samples = new HashMap<>();
        metrics.tasks().forEach(counted -> samples.put(counted.task(), TaskSample.of(counted.counters())));
        return samples;
    }

    private static long perSecond(long count, long elapsedNs) {
        return Math.round(count * 1e9 / elapsedNs);
    }

    private static int ms(double share) {
        return (int) Math.round(1_000 * share);
    }
}
