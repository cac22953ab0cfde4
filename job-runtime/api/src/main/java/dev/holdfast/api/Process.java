package dev.holdfast.api;

import dev.holdfast.api.state.OperatorStates;

/** A function on an unkeyed stream with life cycle, operator state and side outputs. */
@FunctionalInterface
public interface Process<I, O> extends Lifecycle {

    void process(I value, Emitter context, Output<O> out) throws Exception;

    /** Makes the function of one task and declares its states. */
    @FunctionalInterface
    interface Factory<I, O> {
        Process<I, O> create(OperatorStates states);
    }
}
