package dev.holdfast.engine.metrics;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The numbers of one task in one attempt. Counters only grow. Each has one writer, the slot's thread, and any readers; nothing is
 * counted for each record, and nothing is allocated.
 */
public final class TaskCounters {
    /** What {@link #pendingRecords} holds where nobody knows. */
    private static final long UNKNOWN = -1;

    private final String vertex;
    private final int subtask;
    private final boolean source;
    private final TaskTimes times = new TaskTimes();
    private final Count recordsIn = new Count();
    private final Distribution barrierPauseNs = new Distribution();
    private final Distribution alignmentNs = new Distribution();
    private final Distribution latencyMs = new Distribution();
    private final Count pendingRecords = new Count();
    private final StateCounters state = new StateCounters();
    private volatile boolean stateful;
    private volatile List<OutputCounters> outputs = List.of();
    private volatile LongSupplier sentBytes = () -> 0;
    private volatile InputGauges input = InputGauges.NONE;

    /**
     * Makes the numbers of a task.
     *
     * @param vertex name of the operator at the head of its chain
     * @param source whether that operator is a source
     */
    public TaskCounters(String vertex, int subtask, boolean source) {
        this.vertex = vertex;
        this.subtask = subtask;
        this.source = source;
        pendingRecords.set(UNKNOWN);
    }

    public String vertex() {
        return vertex;
    }

    public int subtask() {
        return subtask;
    }

    /** For people, such as {@code count/1}. */
    public String name() {
        return vertex + "/" + subtask;
    }

    public boolean isSource() {
        return source;
    }

    public TaskTimes times() {
        return times;
    }

    /** Records taken in; for a source: read. */
    public Count recordsIn() {
        return recordsIn;
    }

    /** Records handed to channels; one that goes to several counts for each. */
    public long recordsOut() {
        long sum = 0;
        for (OutputCounters output : outputs) {
            sum += output.records().value();
        }
        return sum;
    }

    /** How long a barrier kept the task from records. */
    public Distribution barrierPauseNs() {
        return barrierPauseNs;
    }

    /** From the first barrier of a checkpoint at the task's inputs to the last one. */
    public Distribution alignmentNs() {
        return alignmentNs;
    }

    /** From a source to this task, by probes, in milliseconds of the wall clock. */
    public Distribution latencyMs() {
        return latencyMs;
    }

    /** Records that a source knows to be there and has not read yet. */
    public OptionalLong pendingRecords() {
        long pending = pendingRecords.value();
        return pending == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(pending);
    }

    /** Sets {@link #pendingRecords}. */
    public void pendingRecords(OptionalLong pending) {
        pendingRecords.set(pending.orElse(UNKNOWN));
    }

    /** Of the task's keyed state; all 0 where it has none. */
    public StateCounters state() {
        return state;
    }

    /** Whether the task has keyed state. */
    public boolean isStateful() {
        return stateful;
    }

    public void hasState() {
        stateful = true;
    }

    /** Channels out of the task. */
    public List<OutputCounters> outputs() {
        return outputs;
    }

    /** Channels into the task. */
    public InputGauges input() {
        return input;
    }

    /** Bytes sent to other workers. */
    public long sentBytes() {
        return sentBytes.getAsLong();
    }

    /** Time without credit of channels to other workers, in nanoseconds; several at once add up. */
    public long creditStallNs() {
        long sum = 0;
        for (OutputCounters output : outputs) {
            if (output.worker().isPresent()) {
                sum += output.blockedNs().value();
            }
        }
        return sum;
    }

    /**
     * Connects what the task's channels count.
     *
     * @param sent bytes sent to other workers; callable from any thread
     */
    public void connect(InputGauges from, List<OutputCounters> to, LongSupplier sent) {
        input = from;
        outputs = List.copyOf(to);
        sentBytes = sent;
    }
}
