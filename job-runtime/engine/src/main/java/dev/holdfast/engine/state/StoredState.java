package dev.holdfast.engine.state;

import dev.holdfast.engine.type.Schema;
import java.util.List;

/**
 * What a manifest keeps of one state.
 *
 * @param id stable over restores and never given to another state of the operator
 * @param versions the schemas under which values were written, by version number: one schema each, two for maps. What
 *     lies in the state may be of any of them.
 * @param version number of the schema that is written now
 */
public record StoredState(String name, StateKind kind, int id, List<List<Schema>> versions, int version) {
    /** Ids are written as two bytes. */
    public static final int MAX_ID = 0xFFFF;

    public StoredState {
        versions = versions.stream().map(List::copyOf).toList();
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("id of state '" + name + "' must be 0 to " + MAX_ID + ", found " + id);
        }
        if (version < 0 || version >= versions.size()) {
            throw new IllegalArgumentException(
                    "state '" + name + "' has schema versions below " + versions.size() + ", found " + version);
        }
    }
}
