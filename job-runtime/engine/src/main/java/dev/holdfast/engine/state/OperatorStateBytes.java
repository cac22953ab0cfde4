package dev.holdfast.engine.state;

import java.util.List;

/**
 * One state of one task as bytes: for lists an item for each element, for broadcast states an item for each entry.
 *
 * @param version number of the schema the items were written under
 */
public record OperatorStateBytes(String name, StateKind kind, int version, List<byte[]> items) {
    public OperatorStateBytes {
        items = List.copyOf(items);
        if (kind.isKeyed()) {
            throw new IllegalArgumentException(
                    "state '" + name + "' of kind " + kind + " belongs to keys, not to a task");
        }
    }
}
