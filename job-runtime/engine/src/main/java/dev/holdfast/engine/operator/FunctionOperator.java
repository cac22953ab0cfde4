package dev.holdfast.engine.operator;

import dev.holdfast.api.FilterFunction;
import dev.holdfast.api.FlatMapFunction;
import dev.holdfast.api.MapFunction;
import dev.holdfast.api.Process;
import dev.holdfast.engine.state.StateDeclarations;

/** Operators on unkeyed streams, one class for each kind of function, so that each call site meets few classes. */
abstract class FunctionOperator extends ChainOperator {
    final Outputs outputs;
    final OperatorOutput out;

    private FunctionOperator(
            int number, String name, StateDeclarations states, dev.holdfast.api.Lifecycle function, Outputs outputs) {
        super(number, name, states, function);
        this.outputs = outputs;
        this.out = outputs.main();
    }

    @Override
    public final long droppedSideOutputs() {
        return outputs.dropped();
    }

    static final class Map extends FunctionOperator {
        private final MapFunction<Object, Object> function;

        Map(int number, String name, StateDeclarations states, MapFunction<Object, Object> function, Outputs outputs) {
            super(number, name, states, function, outputs);
            this.function = function;
        }

        @Override
        void process(Object value) throws Exception {
            out.emit(function.map(value));
        }
    }

    static final class FlatMap extends FunctionOperator {
        private final FlatMapFunction<Object, Object> function;

        FlatMap(
                int number,
                String name,
                StateDeclarations states,
                FlatMapFunction<Object, Object> function,
                Outputs outputs) {
            super(number, name, states, function, outputs);
            this.function = function;
        }

        @Override
        void process(Object value) throws Exception {
            function.flatMap(value, out);
        }
    }

    static final class Filter extends FunctionOperator {
        private final FilterFunction<Object> function;

        Filter(int number, String name, StateDeclarations states, FilterFunction<Object> function, Outputs outputs) {
            super(number, name, states, function, outputs);
            this.function = function;
        }

        @Override
        void process(Object value) throws Exception {
            if (function.keep(value)) {
                out.emit(value);
            }
        }
    }

    static final class Apply extends FunctionOperator {
        private final Process<Object, Object> function;

        Apply(int number, String name, StateDeclarations states, Process<Object, Object> function, Outputs outputs) {
            super(number, name, states, function, outputs);
            this.function = function;
        }

        @Override
        void process(Object value) throws Exception {
            function.process(value, outputs, out);
        }
    }
}
