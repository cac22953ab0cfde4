package dev.holdfast.engine.task;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.exchange.Batch;
import dev.holdfast.engine.exchange.Element;
import dev.holdfast.engine.exchange.InputGate;
import dev.holdfast.engine.metrics.InputGauges;
import dev.holdfast.engine.metrics.TaskCounters;
import dev.holdfast.engine.metrics.TaskTimes;
import dev.holdfast.engine.operator.Chain;
import dev.holdfast.engine.operator.ChainOperator;
import dev.holdfast.engine.operator.KeyedOperator;
import dev.holdfast.engine.operator.SinkOperator;
import dev.holdfast.engine.operator.SourceOperator;
import dev.holdfast.engine.operator.TransactionalSinkOperator;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.KeyedState;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One parallel instance of a chain.
 *
 * <p>States: RESTORED (made, nothing runs) becomes RUNNING by {@link #start}; DRAINED when every input has come to its end and
 * the functions have finished; CLOSED by {@link #close}, from any state. A failure of a turn stops the
 * whole slot; one of a call off the thread is only reported, and the slot runs until its attempt is ended.
 *
 * <p>A turn ({@link #step}) does the first of these that applies:
 *
 * <ol>
 *   <li>Hand over output that channels refused; while any is left, nothing else.
 *   <li>Wait, where a sink or the state must not get records now.
 *   <li>Take the checkpoint whose barrier has come through all inputs (for a source: was triggered). Everything before the
 *       barrier is in the snapshot, nothing behind it (invariant I1): functions write their last, state is captured or frozen,
 *       then the barrier goes on. The slow rest runs elsewhere, meanwhile records go on.
 *   <li>Process one batch, or read one from the source.
 *   <li>At the end of all inputs finish, and pass the end on.
 * </ol>
 *
 * A drained task takes its part of a checkpoint when it is triggered by message: no barrier comes through channels any more.
 */
final class Task {
    private static final System.Logger LOG = System.getLogger(Task.class.getName());

    /** Records a source emits in one turn: a batch. */
    private static final int READ = Batch.CAPACITY;

    private static final long NEVER = Long.MIN_VALUE;

    /**
     * What the coordinator said, carried out in the order in which it was said: a split that was assigned after a trigger is not
     * in the reader when the checkpoint is taken, for the enumerator's part of it still holds the split.
     */
    private sealed interface Order {
        record Trigger(long checkpointId) implements Order {}

        record Splits(byte[] encoded) implements Order {}

        record NoMoreSplits() implements Order {}

        record Drain() implements Order {}
    }

    private enum State {
        RESTORED,
        RUNNING,
        DRAINED,
        CLOSED
    }

    private final TaskId id;
    private final Chain chain;
    private final @Nullable InputGate gate;
    private final Map<ChainOperator, OperatorRuntime> runtimes;
    private final Env env;
    private final Mailbox mailbox;
    private final TaskListener listener;
    private final OpenCalls calls;
    private final Timeouts timeouts;
    private final String name;
    private final @Nullable SourceOperator source;
    private final @Nullable KeyedOperator keyed;
    private final List<SinkOperator> sinks;
    private final TaskCounters counters;
    private final TaskMeter meter;
    private final ArrayDeque<Order> orders = new ArrayDeque<>();
    private State state = State.RESTORED;
    private int opened;
    private long lastBarrier;
    private @Nullable Batch batch;
    private int next;
    private @Nullable Barrier flushing;
    private int preparing;
    private boolean held;
    private boolean cut;
    private long stoppedSinceNs = NEVER;
    private TaskTimes.Use without = TaskTimes.Use.IDLE;

    Task(
            TaskId id,
            Chain chain,
            @Nullable InputGate gate,
            Map<ChainOperator, OperatorRuntime> runtimes,
            TaskCounters counters,
            Env env,
            Mailbox mailbox,
            TaskListener listener,
            OpenCalls calls,
            Timeouts timeouts) {
        this.id = id;
        this.chain = chain;
        this.gate = gate;
        this.runtimes = runtimes;
        this.env = env;
        this.mailbox = mailbox;
        this.listener = listener;
        this.calls = calls;
        this.timeouts = timeouts;
        this.name = "task " + chain.head().name() + "/" + id.subtask();
        this.source = chain.head() instanceof SourceOperator head ? head : null;
        this.keyed = chain.head() instanceof KeyedOperator head ? head : null;
        this.sinks = chain.operators().stream()
                .filter(SinkOperator.class::isInstance)
                .map(SinkOperator.class::cast)
                .toList();
        this.counters = counters;
        this.meter = new TaskMeter(counters, chain, env.clock());
        counters.connect(gate == null ? InputGauges.NONE : gate, chain.outputs(id.subtask()), chain::sentBytes);
    }

    TaskId id() {
        return id;
    }

    /** For people: the head of its chain, and its number. */
    String name() {
        return name;
    }

    TaskTimes times() {
        return counters.times();
    }

    /**
     * What the task does until its next turn.
     *
     * @param worked what its turn gave
     */
    TaskTimes.Use afterTurn(boolean worked) {
        if (!worked) {
            return without;
        }
        return chain.backlog().isBlocked() ? TaskTimes.Use.BACK_PRESSURED : TaskTimes.Use.TURN_WAIT;
    }

    /** Opens functions, makes writers and the reader, last operator first: who emits finds its receivers open. */
    void start() {
        for (ChainOperator operator : chain.operators().reversed()) {
            opened++;
            OperatorRuntime runtime = runtime(operator);
            if (operator instanceof SinkOperator sink) {
                sink.start(runtime.context());
            }
            runtime.context().metrics().gauge("side_output_dropped", operator::droppedSideOutputs);
            operator.open(runtime.context());
        }
        if (source != null) {
            source.start(runtime(source).context());
            listener.splitRequested(id);
        }
        state = State.RUNNING;
    }

    /** One turn; false if there was nothing to do. */
    boolean step(long nowNs) {
        switch (state) {
            case RESTORED, CLOSED -> {
                return false;
            }
            case DRAINED -> {
                meter.turn(nowNs);
                chain.drain(nowNs);
                without = chain.backlog().isBlocked() ? TaskTimes.Use.BACK_PRESSURED : TaskTimes.Use.IDLE;
                return !held && takeCheckpoint();
            }
            case RUNNING -> {}
        }
        meter.turn(nowNs);
        chain.drain(nowNs);
        if (chain.backlog().isBlocked()) {
            without = TaskTimes.Use.BACK_PRESSURED;
            return false;
        }
        if (held) {
            without = TaskTimes.Use.STALLED;
            return false;
        }
        without = TaskTimes.Use.IDLE;
        return source != null ? read(source, nowNs) : receive(gate(), nowNs);
    }

    private boolean read(SourceOperator reader, long nowNs) {
        meter.probeIfDue(nowNs);
        while (orders.peek() != null) {
            switch (orders.element()) {
                case Order.Trigger trigger -> {
                    return barrier(trigger.checkpointId());
                }
                case Order.Splits splits -> reader.addSplits(splits.encoded());
                case Order.NoMoreSplits end -> reader.noMoreSplits();
                case Order.Drain end -> {
                    orders.remove();
                    cut = true;
                    return drain();
                }
            }
            orders.remove();
        }
        long before = reader.emitted();
        SourceReader.Status status;
        try {
            status = reader.read(READ);
        } catch (HoldfastException e) {
            throw positioned(e, reader.position());
        }
        long read = reader.emitted() - before;
        counters.recordsIn().add(read);
        return switch (status) {
            case MORE -> true;
            case NOTHING_NOW -> {
                chain.flush();
                yield read > 0;
            }
            case END -> drain();
        };
    }

    /** A drained task takes checkpoints and reads no more. A reader that was cut short keeps its splits, also new ones, for them. */
    private boolean takeCheckpoint() {
        while (orders.peek() != null) {
            switch (orders.element()) {
                case Order.Trigger trigger -> {
                    return barrier(trigger.checkpointId());
                }
                case Order.Splits splits -> {
                    if (source == null || !cut) {
                        throw new IllegalStateException(name + " was given a split after its reader had ended");
                    }
                    source.addSplits(splits.encoded());
                }
                case Order.NoMoreSplits end -> {}
                case Order.Drain end -> {}
            }
            orders.remove();
        }
        return false;
    }

    private boolean receive(InputGate input, long nowNs) {
        if (keyed != null) {
            keyed.state().maintain(nowNs);
            if (keyed.state().mustWait()) {
                without = TaskTimes.Use.STALLED;
                return false;
            }
        }
        Batch present = batch;
        if (present == null) {
            present = input.poll();
            next = 0;
            meter.align(input, nowNs);
        }
        if (present == null) {
            Element.Probe probe = input.takeProbe();
            if (probe != null) {
                meter.probed(probe);
                return true;
            }
            if (input.isAligned()) {
                return barrier(input.aligned());
            }
            if (input.isEnded()) {
                return drain();
            }
            chain.flush();
            return false;
        }
        int from = next;
        try {
            next = keyed != null && input.lastInput() == 0
                    ? keyed.processBatch(present, from, chain.backlog())
                    : chain.processBatch(present, from);
        } catch (HoldfastException e) {
            throw positioned(e, "near record " + (counters.recordsIn().value() + 1) + " of this task");
        }
        counters.recordsIn().add(next - from);
        batch = next < present.size() ? present : null;
        return true;
    }

    /** Takes the task's part of a checkpoint; false if it has to wait for an earlier one. */
    private boolean barrier(long checkpointId) {
        long startNs = env.clock().nowNs();
        if (stoppedSinceNs == NEVER) {
            stoppedSinceNs = startNs;
        }
        without = TaskTimes.Use.STALLED;
        if (preparing > 0) {
            return false;
        }
        if (keyed != null && !keyed.state().canFreeze()) {
            keyed.state().maintain(startNs);
            return false;
        }
        List<ChainOperator> operators = chain.operators();
        operators.forEach(operator -> operator.beforeCheckpoint(checkpointId));
        Barrier barrier = new Barrier(
                checkpointId,
                operators.stream()
                        .filter(operator -> runtime(operator).isNamed())
                        .toList());
        for (ChainOperator operator : operators) {
            barrier.captured(
                    operator,
                    operator.states().snapshotOperatorStates(runtime(operator).stored()));
        }
        if (source != null) {
            barrier.splits(source.snapshot(checkpointId));
        }
        freeze(barrier);
        sinks.stream().filter(SinkOperator::hasToPrepare).forEach(sink -> prepare(sink, barrier));
        if (state == State.RUNNING) {
            chain.control(new Element.Barrier(checkpointId));
        }
        if (gate != null && gate.isAligned()) {
            gate.release();
        }
        lastBarrier = checkpointId;
        orders.removeIf(order -> order instanceof Order.Trigger trigger && trigger.checkpointId() <= checkpointId);
        if (barrier.isComplete()) {
            listener.captured(barrier.snapshot(id));
        }
        if (!held) {
            endPause();
        }
        return true;
    }

    private void endPause() {
        counters.barrierPauseNs().record(env.clock().nowNs() - stoppedSinceNs);
        stoppedSinceNs = NEVER;
    }

    private void freeze(Barrier barrier) {
        KeyedOperator operator = keyed;
        if (operator == null) {
            return;
        }
        barrier.expect();
        flushing = barrier;
        operator.state().freeze(barrier.checkpointId(), (snapshot, error) -> {
            if (state == State.CLOSED) {
                return;
            }
            flushing = null;
            if (snapshot == null) {
                listener.declined(
                        id,
                        barrier.checkpointId(),
                        error != null ? error : new IllegalStateException("a flush ended without a result"));
                return;
            }
            meter.copy();
            barrier.flushed(snapshot);
            complete(barrier);
        });
    }

    private void prepare(SinkOperator sink, Barrier barrier) {
        Callable<?> call = sink.prepare(barrier.checkpointId());
        barrier.expect();
        preparing++;
        held |= sink.waitsForPrepare();
        String what = "prepare checkpoint " + barrier.checkpointId() + " of sink '" + sink.name() + "'";
        Callable<?> noted = () -> {
            try (OpenCalls.Call open = calls.begin(
                    name + " in a prepare of sink '" + sink.name() + "'", timeouts.prepare(), "HF-SNK-004")) {
                return call.call();
            }
        };
        env.blocking().start(what, noted, mailbox, (result, error) -> {
            preparing--;
            if (state == State.CLOSED) {
                return;
            }
            if (held && preparing == 0) {
                held = false;
                endPause();
            }
            if (error != null) {
                fail(new HoldfastException("HF-SNK-002", what + " failed: " + error, error));
                return;
            }
            sink.prepared(barrier.checkpointId(), result);
            barrier.prepared();
            complete(barrier);
        });
    }

    private void complete(Barrier barrier) {
        if (barrier.isComplete()) {
            listener.captured(barrier.snapshot(id));
        }
    }

    private boolean drain() {
        chain.operators().forEach(ChainOperator::finish);
        chain.control(new Element.EndOfInput());
        state = State.DRAINED;
        listener.drained(id);
        return true;
    }

    /**
     * A checkpoint begins. Sources and drained tasks act on it; others wait for its barrier, or for their end. The barrier may have
     * come before this message, by way of other slots.
     */
    void trigger(long checkpointId) {
        if (checkpointId > lastBarrier) {
            orders.add(new Order.Trigger(checkpointId));
        }
    }

    void addSplits(byte[] splits) {
        requireSource();
        orders.add(new Order.Splits(splits));
    }

    void noMoreSplits() {
        requireSource();
        orders.add(new Order.NoMoreSplits());
    }

    /** A source ends its input where it is; others end with theirs. */
    void drainSource() {
        if (source != null) {
            orders.add(new Order.Drain());
        }
    }

    /** A checkpoint is in the log: its transactions are to be committed. */
    void completed(long checkpointId) {
        for (ChainOperator operator : chain.operators()) {
            operator.checkpointCompleted(checkpointId);
        }
        if (source != null && state != State.RESTORED) {
            source.readerCheckpointCompleted(checkpointId);
        }
        int open = 0;
        for (SinkOperator sink : sinks) {
            if (sink instanceof TransactionalSinkOperator transactional) {
                open += runtime(sink).commits().begin(transactional, checkpointId) ? 1 : 0;
            }
        }
        if (open == 0) {
            listener.committed(id, checkpointId);
        }
    }

    /** A sink's commits up to this checkpoint have ended; tells the listener if it was the last of the task's sinks. */
    void sinkCommitted(long checkpointId) {
        boolean open = sinks.stream()
                .map(sink -> runtime(sink).commitsOrNull())
                .anyMatch(commits -> commits != null && commits.isOpen(checkpointId));
        if (!open) {
            listener.committed(id, checkpointId);
        }
    }

    void aborted(long checkpointId) {
        chain.operators().forEach(operator -> operator.checkpointAborted(checkpointId));
        if (keyed != null && (flushing == null || flushing.checkpointId() != checkpointId)) {
            keyed.state().abort(checkpointId);
        }
    }

    /** The keyed state, for the confirmation of uploaded segments; null if there is none. */
    @Nullable KeyedState keyedState() {
        return keyed == null ? null : keyed.state();
    }

    /** Ends the task. What was opened is closed, also an operator whose opening failed. Errors of user code are logged. */
    void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        committers().forEach(Commits::end);
        List<ChainOperator> operators = chain.operators();
        for (int i = 0; i < operators.size(); i++) {
            ChainOperator operator = operators.get(i);
            if (i >= operators.size() - opened) {
                quietly(operator::close);
            }
            if (operator instanceof SourceOperator reader) {
                quietly(reader::closeReader);
            }
            if (operator instanceof SinkOperator sink) {
                quietly(sink::closeWriter);
            }
        }
    }

    /**
     * Whether a call into a sink is under way. Only when it has ended may another attempt begin: what it writes or commits late would
     * come among the work of that attempt.
     */
    boolean isInSink() {
        return preparing > 0 || committers().anyMatch(Commits::isBusy);
    }

    /** Closes the committers; blocks. */
    void closeCommitters() {
        committers().forEach(Commits::close);
    }

    private Stream<Commits> committers() {
        return sinks.stream().map(sink -> runtime(sink).commitsOrNull()).filter(Objects::nonNull);
    }

    private void quietly(Runnable close) {
        try {
            close.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "task " + id + ": error while closing", e);
        }
    }

    /** The attempt cannot go on. */
    void fail(Throwable error) {
        if (state != State.CLOSED) {
            listener.failed(id, error);
        }
    }

    private HoldfastException positioned(HoldfastException error, String position) {
        return new HoldfastException(error.code(), error.text() + "; task " + id + ", position: " + position, error);
    }

    private OperatorRuntime runtime(ChainOperator operator) {
        OperatorRuntime runtime = runtimes.get(operator);
        if (runtime == null) {
            throw new IllegalStateException("operator '" + operator.name() + "' has no runtime in task " + id);
        }
        return runtime;
    }

    private void requireSource() {
        if (source == null) {
            throw new IllegalStateException("task " + id + " got splits but is no source");
        }
    }

    private InputGate gate() {
        if (gate == null) {
            throw new IllegalStateException("task " + id + " has no input");
        }
        return gate;
    }
}
