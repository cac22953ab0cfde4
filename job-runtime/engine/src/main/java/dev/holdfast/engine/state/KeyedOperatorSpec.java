package dev.holdfast.engine.state;

import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.List;

/**
 * A keyed operator's part of a task.
 *
 * @param operator its name, for errors
 * @param operatorId stable over restores; first part of every stored key
 * @param key serializer of its keys
 * @param keyGroups those of the task
 * @param declarations its function's states; bound to the {@link KeyedState} when that is opened
 * @param stored ids and schemas of the keyed states among them, from {@link StateSchemas#plan}
 */
public record KeyedOperatorSpec(
        String operator,
        int operatorId,
        TypeSerializer<?> key,
        KeyGroupRange keyGroups,
        int maxParallelism,
        StateDeclarations declarations,
        List<StoredState> stored) {
    public KeyedOperatorSpec {
        stored = List.copyOf(stored);
        if (operatorId < 0 || operatorId > StoredState.MAX_ID) {
            throw new IllegalArgumentException(
                    "operator id must be 0 to " + StoredState.MAX_ID + ", found " + operatorId);
        }
    }
}
