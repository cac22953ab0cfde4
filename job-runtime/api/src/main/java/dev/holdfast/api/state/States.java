package dev.holdfast.api.state;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.ReduceFunction;
import dev.holdfast.api.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * Where a function on a keyed stream declares its states. Names are unique within the operator: 1 to 100 letters, digits,
 * {@code -}, {@code _} or {@code .}. A state declared after construction is an error ({@code HF-STA-002}).
 */
public interface States extends OperatorStates {

    /** One value for each key; null where none was set. */
    <T> ValueState<@Nullable T> value(String name, Type<T> type);

    default <T> ValueState<@Nullable T> value(String name, Class<T> type) {
        return value(name, Type.of(type));
    }

    /** One value for each key; {@code initial} where none was set. */
    <T> ValueState<T> value(String name, Type<T> type, T initial);

    default <T> ValueState<T> value(String name, Class<T> type, T initial) {
        return value(name, Type.of(type), initial);
    }

    /** A list of values for each key. */
    <T> ListState<T> list(String name, Type<T> element);

    default <T> ListState<T> list(String name, Class<T> element) {
        return list(name, Type.of(element));
    }

    /** A map for each key. */
    <K, V> MapState<K, V> map(String name, Type<K> key, Type<V> value);

    default <K, V> MapState<K, V> map(String name, Class<K> key, Class<V> value) {
        return map(name, Type.of(key), Type.of(value));
    }

    /** One value for each key into which others are combined. */
    <T> ReducingState<T> reducing(String name, Type<T> type, ReduceFunction<T> function);

    default <T> ReducingState<T> reducing(String name, Class<T> type, ReduceFunction<T> function) {
        return reducing(name, Type.of(type), function);
    }

    /** One accumulator for each key. */
    <I, A, O> AggregatingState<I, O> aggregating(String name, Type<A> accumulator, AggregateFunction<I, A, O> function);

    default <I, A, O> AggregatingState<I, O> aggregating(
            String name, Class<A> accumulator, AggregateFunction<I, A, O> function) {
        return aggregating(name, Type.of(accumulator), function);
    }

    /** The same registry; keyed states that are declared through it expire. */
    States expiring(Ttl ttl);
}
