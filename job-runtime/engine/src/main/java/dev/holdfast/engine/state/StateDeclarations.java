package dev.holdfast.engine.state;

import dev.holdfast.api.AggregateFunction;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Skeleton: the registry that a function's constructor gets. */
public final class StateDeclarations implements BroadcastStates {

    public StateDeclarations(String operator) {}

    /** Ends the time of declarations: the function's constructor has returned. */
    public void seal() {}

    /** All states, in order of declaration. */
    public List<StateDeclaration> declared() {
        throw new UnsupportedOperationException();
    }

    /** The states of the task as bytes, in order of declaration. */
    public List<OperatorStateBytes> snapshotOperatorStates(List<StoredState> stored) {
        throw new UnsupportedOperationException();
    }

    /** Fills the states of the task; each state at most once. */
    public void restoreOperatorStates(List<OperatorStateBytes> restored, List<StoredState> stored) {
        throw new UnsupportedOperationException();
    }

    /** Whether broadcast states may be written: true while a record of the broadcast stream is processed. */
    public void allowBroadcastWrites(boolean allowed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> ValueState<@Nullable T> value(String name, Type<T> type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> ValueState<T> value(String name, Type<T> type, T initial) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> ListState<T> list(String name, Type<T> element) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <K, V> MapState<K, V> map(String name, Type<K> key, Type<V> value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> ReducingState<T> reducing(String name, Type<T> type, ReduceFunction<T> function) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <I, A, O> AggregatingState<I, O> aggregating(
            String name, Type<A> accumulator, AggregateFunction<I, A, O> function) {
        throw new UnsupportedOperationException();
    }

    @Override
    public States expiring(Ttl ttl) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <K, V> BroadcastState<K, V> broadcast(String name, Type<K> key, Type<V> value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> OperatorListState<T> operatorList(String name, Type<T> element) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> OperatorListState<T> unionList(String name, Type<T> element) {
        throw new UnsupportedOperationException();
    }
}
