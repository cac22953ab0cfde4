package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.env.Endpoint;
import java.util.Optional;

/**
 * A worker that is connected to a coordinator, at one moment.
 *
 * @param number in this coordinator; 0 before it has one
 * @param address where other workers connect to it; empty where it is in the same process
 * @param heardNs when it was heard of last, on the coordinator's monotonic clock
 */
public record WorkerSession(int number, String name, Optional<Endpoint> address, int slots, State state, long heardNs) {

    /** How its session is. */
    public enum State {
        /** It is connected, and compares its program with the coordinator's. */
        PREPARING,
        /** It offers its slots. */
        READY
    }
}
