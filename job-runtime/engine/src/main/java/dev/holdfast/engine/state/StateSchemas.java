package dev.holdfast.engine.state;

import java.util.List;

/** Skeleton: ids and schema versions of an operator's states. */
public final class StateSchemas {
    private StateSchemas() {}

    /**
     * The states of an operator as the next manifest lists them: those known, with a new version where a schema has changed
     * compatibly, then those new, with new ids. Known states that are no longer declared stay as they are.
     *
     * @throws dev.holdfast.api.HoldfastException HF-STA-01x if a change is not a compatible one
     */
    public static List<StoredState> plan(String operator, List<StateDeclaration> declared, List<StoredState> known) {
        throw new UnsupportedOperationException();
    }
}
