package dev.holdfast.engine.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * One operator of a checkpoint.
 *
 * @param name identity over versions of the program
 * @param operatorId part of stored keys; stable over restores
 * @param kind what it is
 * @param parallelism number of subtasks
 * @param keySchema encoded {@link dev.holdfast.engine.type.Schema} of the key, if it is keyed
 * @param states all states that it ever declared since it has its id: entries of those that are gone may be in segments
 * @param subtasks in order of their index
 */
public record OperatorManifest(
        String name,
        int operatorId,
        Kind kind,
        int parallelism,
        Optional<Opaque> keySchema,
        List<StateManifest> states,
        List<SubtaskManifest> subtasks) {

    /** What an operator is. */
    public enum Kind {
        SOURCE,
        KEYED,
        UNKEYED,
        SINK
    }

    public OperatorManifest {
        states = List.copyOf(states);
        subtasks = List.copyOf(subtasks);
    }
}
