package dev.holdfast.engine.checkpoint;

import java.util.List;

/**
 * The elements of one operator state of one subtask.
 *
 * @param state name of the state
 * @param schemaVersion of the elements; see {@link StateManifest#schemas}
 * @param bytes the elements one after the other
 * @param offsets where each element begins within the bytes, ascending; the count of elements is their number
 */
public record OperatorStateRef(String state, int schemaVersion, Slice bytes, List<Integer> offsets) {
    public OperatorStateRef {
        offsets = List.copyOf(offsets);
    }
}
