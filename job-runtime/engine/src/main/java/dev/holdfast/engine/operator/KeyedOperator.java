package dev.holdfast.engine.operator;

import dev.holdfast.api.KeyedBroadcastProcess;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Lifecycle;
import dev.holdfast.api.SideOutput;
import dev.holdfast.engine.exchange.Backlog;
import dev.holdfast.engine.exchange.Batch;
import dev.holdfast.engine.state.KeyedState;
import dev.holdfast.engine.state.StateDeclarations;
import org.jspecify.annotations.Nullable;

/** The head of a chain on a keyed stream: chooses the key of the state before each record. */
public abstract class KeyedOperator extends ChainOperator {
    final Outputs outputs;
    final Current current;
    private @Nullable KeyedState state;

    KeyedOperator(int number, String name, StateDeclarations states, Lifecycle function, Outputs outputs) {
        super(number, name, states, function);
        this.outputs = outputs;
        this.current = new Current(outputs);
    }

    @Override
    public final long droppedSideOutputs() {
        return outputs.dropped();
    }

    /** Gives the operator its state, before the first record. */
    public final void bind(KeyedState keyedState) {
        state = keyedState;
    }

    public final KeyedState state() {
        KeyedState bound = state;
        if (bound == null) {
            throw new IllegalStateException("operator '" + name() + "' has no state yet");
        }
        return bound;
    }

    /**
     * Processes records of a keyed batch until its end or until the output is refused.
     *
     * @return index of the first record that was not processed
     */
    public final int processBatch(Batch batch, int from, Backlog backlog) {
        KeyedState bound = state();
        Object[] keys = batch.keys();
        int[] hashes = batch.hashes();
        int size = batch.size();
        bound.prefetch(keys, hashes, from, size);
        int i = from;
        try {
            while (i < size && !backlog.isBlocked()) {
                Object key = keys[i];
                bound.setKey(key, hashes[i]);
                current.key = key;
                processKeyed(batch.value(i));
                i++;
            }
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), "on a record with key " + keys[i], e);
        }
        bound.clearKey();
        return i;
    }

    abstract void processKeyed(Object value) throws Exception;

    /** What a function sees around its record. */
    static final class Current implements KeyedProcess.Context<Object> {
        private final Outputs outputs;
        private @Nullable Object key;

        Current(Outputs outputs) {
            this.outputs = outputs;
        }

        @Override
        public Object key() {
            Object present = key;
            if (present == null) {
                throw new IllegalStateException("there is no key outside of a keyed record");
            }
            return present;
        }

        @Override
        public <T> void emit(SideOutput<T> side, T value) {
            outputs.emit(side, value);
        }
    }

    static final class Apply extends KeyedOperator {
        private final KeyedProcess<Object, Object, Object> function;

        Apply(
                int number,
                String name,
                StateDeclarations states,
                KeyedProcess<Object, Object, Object> function,
                Outputs outputs) {
            super(number, name, states, function, outputs);
            this.function = function;
        }

        @Override
        void processKeyed(Object value) throws Exception {
            function.process(value, current, outputs.main());
        }

        @Override
        void process(Object value) {
            throw new IllegalStateException("a record without key came to keyed operator '" + name() + "'");
        }
    }

    static final class Connected extends KeyedOperator {
        private final KeyedBroadcastProcess<Object, Object, Object, Object> function;

        Connected(
                int number,
                String name,
                StateDeclarations states,
                KeyedBroadcastProcess<Object, Object, Object, Object> function,
                Outputs outputs) {
            super(number, name, states, function, outputs);
            this.function = function;
        }

        @Override
        void processKeyed(Object value) throws Exception {
            function.process(value, current, outputs.main());
        }

        @Override
        void process(Object value) throws Exception {
            states().allowBroadcastWrites(true);
            try {
                function.processBroadcast(value, outputs, outputs.main());
            } finally {
                states().allowBroadcastWrites(false);
            }
        }
    }
}
