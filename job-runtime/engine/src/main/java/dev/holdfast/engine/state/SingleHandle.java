package dev.holdfast.engine.state;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.ReduceFunction;
import dev.holdfast.api.state.AggregatingState;
import dev.holdfast.api.state.ReducingState;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.engine.type.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** States with one value for each key. */
abstract sealed class SingleHandle extends KeyedHandle {
    private final TypeSerializer<Object> serializer;

    private SingleHandle(String operator, StateDeclaration declaration) {
        super(operator, declaration);
        this.serializer = Unchecked.serializer(declaration.types().get(0));
    }

    final @Nullable Object read() {
        StateTable table = table();
        Object held = table.current().value;
        return expires() && held != null ? readExpiring(table, held) : held;
    }

    private @Nullable Object readExpiring(StateTable table, Object held) {
        if (!isLive(table, held)) {
            return null;
        }
        Object value = ValueCodec.unwrap(held);
        if (refreshes()) {
            write(value);
        }
        return value;
    }

    final void write(@Nullable Object value) {
        Object present = requireValue(value, "the value");
        // Before the entry is touched: it must not be left without a value if this fails.
        int valueBytes = serializer.sizeBytes(present);
        StateTable table = table();
        table.requireStorable("the value", valueBytes);
        Entry entry = table.currentUnread();
        if (expires()) {
            table.write(entry, wrap(table, present), valueBytes + ValueCodec.EXPIRING_BYTES);
        } else {
            table.write(entry, present, valueBytes);
        }
    }

    public final void clear() {
        StateTable table = table();
        table.write(table.currentUnread(), null, 0);
    }

    /** See {@link ValueState}. */
    static final class Value<T extends @Nullable Object> extends SingleHandle implements ValueState<T> {
        private final @Nullable Object initial;

        Value(String operator, StateDeclaration declaration, @Nullable Object initial) {
            super(operator, declaration);
            this.initial = initial;
        }

        @Override
        public T get() {
            Object value = read();
            return Unchecked.<T>castNullable(value == null ? initial : value);
        }

        @Override
        public void set(T value) {
            write(value);
        }
    }

    /** See {@link ReducingState}. */
    static final class Reducing<T> extends SingleHandle implements ReducingState<T> {
        private final ReduceFunction<T> function;

        Reducing(String operator, StateDeclaration declaration, ReduceFunction<T> function) {
            super(operator, declaration);
            this.function = function;
        }

        @Override
        public @Nullable T get() {
            Object value = read();
            return value == null ? null : Unchecked.<T>cast(value);
        }

        @Override
        public void add(T value) throws Exception {
            Object before = read();
            write(before == null ? value : function.reduce(Unchecked.<T>cast(before), value));
        }
    }

    /** See {@link AggregatingState}. */
    static final class Aggregating<I, A, O> extends SingleHandle implements AggregatingState<I, O> {
        private final AggregateFunction<I, A, O> function;

        Aggregating(String operator, StateDeclaration declaration, AggregateFunction<I, A, O> function) {
            super(operator, declaration);
            this.function = function;
        }

        @Override
        public @Nullable O get() throws Exception {
            Object accumulator = read();
            return accumulator == null ? null : function.result(Unchecked.<A>cast(accumulator));
        }

        @Override
        public void add(I value) throws Exception {
            Object before = read();
            write(function.add(before == null ? function.empty() : Unchecked.<A>cast(before), value));
        }
    }
}
