package dev.holdfast.engine.operator;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import org.jspecify.annotations.Nullable;

/** {@link dev.holdfast.api.KeyedStream#aggregate}. */
final class RunningAggregate<I, A, O> implements KeyedProcess<Object, I, O> {
    private final ValueState<@Nullable A> accumulator;
    private final AggregateFunction<I, A, O> function;

    RunningAggregate(States states, Type<A> type, AggregateFunction<I, A, O> function) {
        this.accumulator = states.value("accumulator", type);
        this.function = function;
    }

    @Override
    public void open(OperatorContext context) throws Exception {
        function.open(context);
    }

    @Override
    public void process(I value, Context<Object> context, Output<O> out) throws Exception {
        A before = accumulator.get();
        A after = function.add(before == null ? function.empty() : before, value);
        accumulator.set(after);
        out.emit(function.result(after));
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
