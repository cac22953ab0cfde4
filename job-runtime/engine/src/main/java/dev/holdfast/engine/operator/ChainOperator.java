package dev.holdfast.engine.operator;

import dev.holdfast.api.Lifecycle;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.engine.state.StateDeclarations;

/** One operator within a chain; gets records by plain calls. All calls come from the task's thread. */
public abstract class ChainOperator {
    private final String name;
    private final int number;
    private final StateDeclarations states;
    private final Lifecycle lifecycle;

    ChainOperator(int number, String name, StateDeclarations states, Lifecycle lifecycle) {
        this.number = number;
        this.name = name;
        this.states = states;
        this.lifecycle = lifecycle;
    }

    public final String name() {
        return name;
    }

    /** Number in the graph. */
    public final int number() {
        return number;
    }

    public final StateDeclarations states() {
        return states;
    }

    /** Values that went to side outputs which nobody reads; callable from any thread. */
    public long droppedSideOutputs() {
        return 0;
    }

    /** Takes one record; on a keyed operator only records of the broadcast side come this way. */
    abstract void process(Object value) throws Exception;

    /** Takes one record, and turns what the function throws into the operator's failure. */
    final void take(Object value) {
        try {
            process(value);
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name, "on a record", e);
        }
    }

    public final void open(OperatorContext context) {
        call("open", () -> lifecycle.open(context));
    }

    public final void beforeCheckpoint(long checkpointId) {
        call("beforeCheckpoint", () -> lifecycle.beforeCheckpoint(checkpointId));
    }

    public final void checkpointCompleted(long checkpointId) {
        call("checkpointCompleted", () -> lifecycle.checkpointCompleted(checkpointId));
    }

    public final void checkpointAborted(long checkpointId) {
        call("checkpointAborted", () -> lifecycle.checkpointAborted(checkpointId));
    }

    public final void finish() {
        call("finish", lifecycle::finish);
    }

    public final void close() {
        call("close", lifecycle::close);
    }

    private void call(String what, Call call) {
        try {
            call.run();
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name, "in " + what, e);
        }
    }

    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }
}
