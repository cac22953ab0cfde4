package dev.holdfast.engine.state;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.ReduceFunction;
import dev.holdfast.api.state.AggregatingState;
import dev.holdfast.api.state.BroadcastState;
import dev.holdfast.api.state.BroadcastStates;
import dev.holdfast.api.state.ListState;
import dev.holdfast.api.state.MapState;
import dev.holdfast.api.state.OperatorListState;
import dev.holdfast.api.state.ReducingState;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.Ttl;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The registry that a function's constructor gets, one for each function object. It notes the states and hands out objects
 * for them. Those of keys are bound to a {@link KeyedState} when {@link SlotState#keyed} opens it; without that (when a plan
 * is made) they only refuse to be used. Those of the task work at once.
 *
 * <p>For one thread at a time: the constructor's, then the slot's.
 */
public final class StateDeclarations implements BroadcastStates {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

    private final String operator;
    private final Map<String, StateDeclaration> declared = new LinkedHashMap<>();
    private final Map<String, KeyedHandle> keyed = new LinkedHashMap<>();
    private final Map<String, TaskHandle> ofTask = new LinkedHashMap<>();
    private boolean sealed;
    private boolean broadcastWrites = true;

    /** @param operator name of the operator, for errors */
    public StateDeclarations(String operator) {
        this.operator = operator;
    }

    /** Ends the time of declarations: the function's constructor has returned. */
    public void seal() {
        sealed = true;
    }

    /** All states, in order of declaration. */
    public List<StateDeclaration> declared() {
        return List.copyOf(declared.values());
    }

    /** Whether broadcast states may be written: not while a keyed record is processed. */
    public void allowBroadcastWrites(boolean allowed) {
        broadcastWrites = allowed;
    }

    /**
     * The states of the task as bytes, in order of declaration. For the slot's thread, at a barrier; takes time in
     * proportion to their size.
     */
    public List<OperatorStateBytes> snapshotOperatorStates(List<StoredState> stored) {
        return ofTask.values().stream()
                .map(handle -> handle.snapshot(StateSchemas.find(operator, handle.declaration, stored)))
                .toList();
    }

    /**
     * Fills the states of the task. A state may be named more than once, by the parts of several old tasks; those that
     * are not declared are passed over.
     */
    public void restoreOperatorStates(List<OperatorStateBytes> restored, List<StoredState> stored) {
        for (OperatorStateBytes bytes : restored) {
            TaskHandle handle = ofTask.get(bytes.name());
            if (handle != null) {
                handle.restore(bytes, StateSchemas.find(operator, handle.declaration, stored));
            }
        }
    }

    @Override
    public <T> ValueState<@Nullable T> value(String name, Type<T> type) {
        return value(name, type, null, null);
    }

    @Override
    public <T> ValueState<T> value(String name, Type<T> type, T initial) {
        return value(name, type, initial, null);
    }

    private <T extends @Nullable Object> ValueState<T> value(
            String name, Type<?> type, @Nullable Object initial, @Nullable Ttl ttl) {
        StateDeclaration declaration = declare(name, StateKind.VALUE, ttl, () -> List.of(TypeSerializers.of(type)));
        return keyed(new SingleHandle.Value<>(operator, declaration, initial));
    }

    @Override
    public <T> ListState<T> list(String name, Type<T> element) {
        return list(name, element, null);
    }

    private <T> ListState<T> list(String name, Type<T> element, @Nullable Ttl ttl) {
        return keyed(new ListHandle<>(
                operator, declare(name, StateKind.LIST, ttl, () -> List.of(TypeSerializers.of(element)))));
    }

    @Override
    public <K, V> MapState<K, V> map(String name, Type<K> key, Type<V> value) {
        return map(name, key, value, null);
    }

    private <K, V> MapState<K, V> map(String name, Type<K> key, Type<V> value, @Nullable Ttl ttl) {
        return keyed(new MapHandle<>(operator, declare(name, StateKind.MAP, ttl, () -> pair(key, value))));
    }

    @Override
    public <T> ReducingState<T> reducing(String name, Type<T> type, ReduceFunction<T> function) {
        return reducing(name, type, function, null);
    }

    private <T> ReducingState<T> reducing(String name, Type<T> type, ReduceFunction<T> function, @Nullable Ttl ttl) {
        StateDeclaration declaration = declare(name, StateKind.REDUCING, ttl, () -> List.of(TypeSerializers.of(type)));
        return keyed(new SingleHandle.Reducing<>(operator, declaration, function));
    }

    @Override
    public <I, A, O> AggregatingState<I, O> aggregating(
            String name, Type<A> accumulator, AggregateFunction<I, A, O> function) {
        return aggregating(name, accumulator, function, null);
    }

    private <I, A, O> AggregatingState<I, O> aggregating(
            String name, Type<A> accumulator, AggregateFunction<I, A, O> function, @Nullable Ttl ttl) {
        StateDeclaration declaration =
                declare(name, StateKind.AGGREGATING, ttl, () -> List.of(TypeSerializers.of(accumulator)));
        return keyed(new SingleHandle.Aggregating<>(operator, declaration, function));
    }

    @Override
    public States expiring(Ttl ttl) {
        return new ExpiringStates(ttl);
    }

    @Override
    public <K, V> BroadcastState<K, V> broadcast(String name, Type<K> key, Type<V> value) {
        TaskHandle.Broadcast<K, V> handle = new TaskHandle.Broadcast<>(
                operator, declare(name, StateKind.BROADCAST, null, () -> pair(key, value)), () -> broadcastWrites);
        ofTask.put(name, handle);
        return handle;
    }

    @Override
    public <T> OperatorListState<T> operatorList(String name, Type<T> element) {
        return taskList(name, StateKind.OPERATOR_LIST, element);
    }

    @Override
    public <T> OperatorListState<T> unionList(String name, Type<T> element) {
        return taskList(name, StateKind.UNION_LIST, element);
    }

    private <T> OperatorListState<T> taskList(String name, StateKind kind, Type<T> element) {
        TaskHandle.Elements<T> handle = new TaskHandle.Elements<>(
                operator, declare(name, kind, null, () -> List.of(TypeSerializers.of(element))));
        ofTask.put(name, handle);
        return handle;
    }

    private static List<TypeSerializer<?>> pair(Type<?> key, Type<?> value) {
        return List.of(TypeSerializers.ofKey(key), TypeSerializers.of(value));
    }

    private StateDeclaration declare(String name, StateKind kind, @Nullable Ttl ttl, Types types) {
        if (sealed) {
            throw new HoldfastException(
                    "HF-STA-002",
                    "state '" + name + "' of operator '" + operator + "' is declared while the job runs."
                            + " Declare all states in the function's constructor.");
        }
        if (!NAME.matcher(name).matches()) {
            throw new HoldfastException(
                    "HF-STA-001",
                    "state name '" + name + "' of operator '" + operator
                            + "' must be 1 to 100 letters, digits, '-', '_' or '.'");
        }
        if (declared.containsKey(name)) {
            throw new HoldfastException(
                    "HF-STA-001",
                    "operator '" + operator + "' declares two states '" + name
                            + "'. Names are the states' identities in checkpoints: give each its own.");
        }
        StateDeclaration declaration = new StateDeclaration(name, kind, types.derive(), ttl);
        declared.put(name, declaration);
        return declaration;
    }

    private <H extends KeyedHandle> H keyed(H handle) {
        keyed.put(handle.declaration.name(), handle);
        return handle;
    }

    /** Makes the tables of the keyed states and binds the states to them. */
    List<StateTable> tables(KeyedState state, KeyedOperatorSpec spec) {
        List<StateTable> tables = new ArrayList<>();
        for (KeyedHandle handle : keyed.values()) {
            StateDeclaration declaration = handle.declaration;
            StoredState stored = StateSchemas.find(operator, declaration, spec.stored());
            StateTable table = new StateTable(state, declaration, stored.id(), codec(declaration, stored));
            handle.bind(table);
            tables.add(table);
        }
        return tables;
    }

    private static ValueCodec codec(StateDeclaration declaration, StoredState stored) {
        boolean expires = declaration.ttl() != null;
        TypeSerializer<Object> first = Unchecked.serializer(declaration.types().get(0));
        return switch (declaration.kind()) {
            case VALUE, REDUCING, AGGREGATING ->
                ValueCodec.single(first, StateSchemas.readers(declaration, stored, 0), stored.version(), expires);
            case LIST ->
                ValueCodec.list(first, StateSchemas.readers(declaration, stored, 0), stored.version(), expires);
            case MAP ->
                ValueCodec.map(
                        first,
                        Unchecked.serializer(declaration.types().get(1)),
                        StateSchemas.readers(declaration, stored, 1),
                        stored.version(),
                        expires);
            case OPERATOR_LIST, UNION_LIST, BROADCAST ->
                throw new IllegalArgumentException("state '" + declaration.name() + "' belongs to a task");
        };
    }

    /** Derives a declaration's serializers, after its name was checked. */
    @FunctionalInterface
    private interface Types {
        List<TypeSerializer<?>> derive();
    }

    /** The same registry for states that expire. */
    private final class ExpiringStates implements States {
        private final Ttl ttl;

        ExpiringStates(Ttl ttl) {
            this.ttl = ttl;
        }

        @Override
        public <T> ValueState<@Nullable T> value(String name, Type<T> type) {
            return StateDeclarations.this.value(name, type, null, ttl);
        }

        @Override
        public <T> ValueState<T> value(String name, Type<T> type, T initial) {
            return StateDeclarations.this.value(name, type, initial, ttl);
        }

        @Override
        public <T> ListState<T> list(String name, Type<T> element) {
            return StateDeclarations.this.list(name, element, ttl);
        }

        @Override
        public <K, V> MapState<K, V> map(String name, Type<K> key, Type<V> value) {
            return StateDeclarations.this.map(name, key, value, ttl);
        }

        @Override
        public <T> ReducingState<T> reducing(String name, Type<T> type, ReduceFunction<T> function) {
            return StateDeclarations.this.reducing(name, type, function, ttl);
        }

        @Override
        public <I, A, O> AggregatingState<I, O> aggregating(
                String name, Type<A> accumulator, AggregateFunction<I, A, O> function) {
            return StateDeclarations.this.aggregating(name, accumulator, function, ttl);
        }

        @Override
        public States expiring(Ttl other) {
            return StateDeclarations.this.expiring(other);
        }

        @Override
        public <T> OperatorListState<T> operatorList(String name, Type<T> element) {
            return StateDeclarations.this.operatorList(name, element);
        }

        @Override
        public <T> OperatorListState<T> unionList(String name, Type<T> element) {
            return StateDeclarations.this.unionList(name, element);
        }
    }
}
