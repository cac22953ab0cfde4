package dev.holdfast.engine.operator;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.ReduceFunction;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import org.jspecify.annotations.Nullable;

/** {@link dev.holdfast.api.KeyedStream#reduce}. */
final class RunningReduce<T> implements KeyedProcess<Object, T, T> {
    private final ValueState<@Nullable T> combined;
    private final ReduceFunction<T> function;

    RunningReduce(States states, Type<T> type, ReduceFunction<T> function) {
        this.combined = states.value("combined", type);
        this.function = function;
    }

    @Override
    public void open(OperatorContext context) throws Exception {
        function.open(context);
    }

    @Override
    public void process(T value, Context<Object> context, Output<T> out) throws Exception {
        T before = combined.get();
        T after = before == null ? value : function.reduce(before, value);
        combined.set(after);
        out.emit(after);
    }

    @Override
    public void beforeCheckpoint(long checkpointId) throws Exception {
        function.beforeCheckpoint(checkpointId);
    }

    @Override
    public void checkpointCompleted(long checkpointId) throws Exception {
        function.checkpointCompleted(checkpointId);
    }

    @Override
    public void checkpointAborted(long checkpointId) throws Exception {
        function.checkpointAborted(checkpointId);
    }

    @Override
    public void finish() throws Exception {
        function.finish();
    }

    @Override
    public void close() throws Exception {
        function.close();
    }
}
