package dev.holdfast.engine.checkpoint;

import java.util.List;

/**
 * One state of an operator.
 *
 * @param name identity over versions of the program
 * @param stateId part of stored keys of keyed state; stable over restores; 0 for operator state
 * @param kind what it is
 * @param ttlMs time to live in milliseconds, or 0 if entries live forever
 * @param schemas every schema that stored values may have, by version
 */
public record StateManifest(String name, int stateId, Kind kind, long ttlMs, List<SchemaVersion> schemas) {

    /** What a state is. */
    public enum Kind {
        VALUE,
        LIST,
        MAP,
        REDUCING,
        AGGREGATING,
        /** Operator state whose elements are dealt out over the subtasks. */
        OPERATOR_LIST,
        /** Operator state of which every subtask gets all elements. */
        OPERATOR_UNION,
        /** The same in every subtask. */
        OPERATOR_BROADCAST
    }

    /** A schema that values were written with: {@code schema} is an encoded {@link dev.holdfast.engine.type.Schema}. */
    public record SchemaVersion(int version, Opaque schema) {}

    public StateManifest {
        schemas = List.copyOf(schemas);
    }
}
