package dev.holdfast.api;

import dev.holdfast.api.state.States;

/**
 * A function on a keyed stream. Its states, declared in the constructor, always show the values of the current record's
 * key.
 */
@FunctionalInterface
public interface KeyedProcess<K, I, O> extends Lifecycle {

    void process(I value, Context<K> context, Output<O> out) throws Exception;

    /** The record's surroundings; valid during the call only. */
    interface Context<K> extends Emitter {
        K key();
    }

    /** Makes the function of one task and declares its states. */
    @FunctionalInterface
    interface Factory<K, I, O> {
        KeyedProcess<K, I, O> create(States states);
    }
}
