package dev.holdfast.api;

import dev.holdfast.api.state.BroadcastStates;

/**
 * A function on a keyed stream and a broadcast stream. Only {@link #processBroadcast} may change broadcast state, and it
 * must do the same in every task: it sees no key.
 */
public interface KeyedBroadcastProcess<K, I, B, O> extends Lifecycle {

    void process(I value, KeyedProcess.Context<K> context, Output<O> out) throws Exception;

    /** Called for every record of the broadcast stream, in every task. Keyed state is not accessible here. */
    void processBroadcast(B value, Emitter context, Output<O> out) throws Exception;

    /** Makes the function of one task and declares its states. */
    @FunctionalInterface
    interface Factory<K, I, B, O> {
        KeyedBroadcastProcess<K, I, B, O> create(BroadcastStates states);
    }
}
