package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.graph.KeyGroups;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What holds in every manifest; checked before one is written and after one is read. A violation is a bug of the writer or
 * damage that a checksum did not see: nothing is restored from such a manifest.
 */
final class ManifestInvariants {
    private final Manifest manifest;

    private ManifestInvariants(Manifest manifest) {
        this.manifest = manifest;
    }

    /**
     * @param object the store's key of the manifest, for the error
     * @throws SnapshotException HF-CKP-007 with the first violation
     */
    static void check(String object, Manifest manifest) {
        try {
            new ManifestInvariants(manifest).check();
        } catch (Violation | IllegalArgumentException e) {
            throw SnapshotException.invalid(object, String.valueOf(e.getMessage()));
        }
    }

    private static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message, null, false, false);
        }
    }

    private void check() {
        numbersAreInRange();
        operatorsAreDistinct();
        objectsBelongToTheSnapshot();
        for (OperatorManifest operator : manifest.operators()) {
            statesAreDistinct(operator);
            subtasksAreComplete(operator);
            partsFitTheKind(operator);
            if (operator.kind() == OperatorManifest.Kind.KEYED) {
                keyGroupsAreCoveredOnce(operator);
            }
            operatorStatesAreKnown(operator);
        }
        enumeratorsBelongToSources();
    }

    private void numbersAreInRange() {
        require(manifest.checkpointId() >= 1, "checkpoint number %d, expected 1 or more", manifest.checkpointId());
        require(manifest.generation() >= JobLog.FIRST_SLOT, "generation %d", manifest.generation());
        require(
                manifest.maxParallelism() >= 1 && manifest.maxParallelism() <= KeyGroups.MAX_KEY_GROUPS,
                "maximum parallelism %d, expected 1 to %d",
                manifest.maxParallelism(),
                KeyGroups.MAX_KEY_GROUPS);
        require(
                manifest.incrementalBytes() >= 0 && manifest.fullBytes() >= 0,
                "sizes of %d and %d bytes",
                manifest.incrementalBytes(),
                manifest.fullBytes());
    }

    private void operatorsAreDistinct() {
        distinct("operator name", manifest.operators(), OperatorManifest::name);
        distinct("operator id", manifest.operators(), OperatorManifest::operatorId);
        for (OperatorManifest operator : manifest.operators()) {
            require(
                    operator.operatorId() >= 0 && operator.operatorId() <= 0xFFFF,
                    "operator '%s' has id %d, expected two bytes",
                    operator.name(),
                    operator.operatorId());
        }
    }

    /** What the collection of garbage relies on: no manifest points at objects of later checkpoints or generations. */
    private void objectsBelongToTheSnapshot() {
        for (String name : Reachability.reachable(manifest)) {
            switch (manifest.kind()) {
                case CHECKPOINT ->
                    require(
                            ObjectName.parse(name) instanceof ObjectName.OfCheckpoint of
                                    && of.checkpointId() <= manifest.checkpointId()
                                    && of.generation() <= manifest.generation(),
                            "it points at object '%s', which is no pack or run of checkpoint %d and generation %d or"
                                    + " before",
                            name,
                            manifest.checkpointId(),
                            manifest.generation());
                case SAVEPOINT ->
                    require(name.startsWith(Savepoints.DATA), "it points at object '%s' outside the savepoint", name);
            }
        }
    }

    private void statesAreDistinct(OperatorManifest operator) {
        distinct("state of operator '" + operator.name() + "'", operator.states(), StateManifest::name);
        List<StateManifest> keyed = operator.states().stream()
                .filter(state -> isKeyed(state.kind()))
                .toList();
        distinct("state id of operator '" + operator.name() + "'", keyed, StateManifest::stateId);
        for (StateManifest state : operator.states()) {
            require(state.ttlMs() >= 0, "state '%s' has a time to live of %d ms", state.name(), state.ttlMs());
            require(!state.schemas().isEmpty(), "state '%s' has no schema", state.name());
            distinct("schema version of state '" + state.name() + "'", state.schemas(), s -> s.version());
        }
    }

    private void subtasksAreComplete(OperatorManifest operator) {
        require(
                operator.parallelism() >= 1 && operator.parallelism() <= manifest.maxParallelism(),
                "operator '%s' has parallelism %d, expected 1 to %d",
                operator.name(),
                operator.parallelism(),
                manifest.maxParallelism());
        require(
                operator.subtasks().size() == operator.parallelism(),
                "operator '%s' of parallelism %d has %d subtasks",
                operator.name(),
                operator.parallelism(),
                operator.subtasks().size());
        for (int i = 0; i < operator.parallelism(); i++) {
            int index = operator.subtasks().get(i).index();
            require(index == i, "operator '%s' has subtask %d in place %d", operator.name(), index, i);
        }
    }

    private void partsFitTheKind(OperatorManifest operator) {
        boolean keyed = operator.kind() == OperatorManifest.Kind.KEYED;
        require(
                operator.keySchema().isPresent() == keyed,
                "operator '%s' has a key schema, or lacks it",
                operator.name());
        for (StateManifest state : operator.states()) {
            require(
                    keyed || !isKeyed(state.kind()),
                    "operator '%s' has keyed state '%s' and is not keyed",
                    operator.name(),
                    state.name());
        }
        for (SubtaskManifest subtask : operator.subtasks()) {
            require(keyed || subtask.keyed().isEmpty(), "operator '%s' has segments and is not keyed", operator.name());
            require(
                    operator.kind() == OperatorManifest.Kind.SOURCE
                            || subtask.splits().isEmpty(),
                    "operator '%s' has splits and is no source",
                    operator.name());
            require(
                    operator.kind() == OperatorManifest.Kind.SINK
                            || subtask.committables().isEmpty(),
                    "operator '%s' has committables and is no sink",
                    operator.name());
        }
    }

    private void keyGroupsAreCoveredOnce(OperatorManifest operator) {
        BitSet covered = new BitSet(manifest.maxParallelism());
        for (SubtaskManifest subtask : operator.subtasks()) {
            KeyGroupRange owned = KeyGroups.range(subtask.index(), operator.parallelism(), manifest.maxParallelism());
            for (KeyedSegments keyed : subtask.keyed()) {
                String where =
                        "operator '" + operator.name() + "', subtask " + subtask.index() + ", bucket " + keyed.bucket();
                KeyGroupRange bucket = KeyGroups.bucketRange(keyed.bucket(), manifest.maxParallelism());
                KeyGroupRange valid = keyed.valid();
                require(
                        owned.contains(valid) && bucket.contains(valid),
                        "%s: key groups %s, expected some of %s and of %s",
                        where,
                        valid,
                        owned,
                        bucket);
                int twice = covered.nextSetBit(valid.from());
                require(twice < 0 || twice > valid.to(), "%s: key group %d occurs twice", where, twice);
                covered.set(valid.from(), valid.to() + 1);
                keyed.segments().forEach(segment -> segmentIsWithin(where, segment, bucket));
            }
        }
        int missing = covered.nextClearBit(0);
        require(
                missing >= manifest.maxParallelism(),
                "operator '%s' lacks key group %d of %d",
                operator.name(),
                missing,
                manifest.maxParallelism());
    }

    private static void segmentIsWithin(String where, Segment segment, KeyGroupRange bucket) {
        require(
                segment.offset() >= 0 && segment.length() > 0 && segment.entries() > 0,
                "%s: segment of %d bytes from byte %d with %d entries",
                where,
                segment.length(),
                segment.offset(),
                segment.entries());
        require(
                bucket.contains(segment.keyGroups()),
                "%s: segment of key groups %s, expected some of %s",
                where,
                segment.keyGroups(),
                bucket);
    }

    private void operatorStatesAreKnown(OperatorManifest operator) {
        Map<String, StateManifest> states = new HashMap<>();
        operator.states().forEach(state -> states.put(state.name(), state));
        for (SubtaskManifest subtask : operator.subtasks()) {
            distinct("operator state of '" + operator.name() + "'", subtask.operatorStates(), OperatorStateRef::state);
            for (OperatorStateRef ref : subtask.operatorStates()) {
                StateManifest state = states.get(ref.state());
                require(
                        state != null && !isKeyed(state.kind()),
                        "operator '%s' has elements of '%s', which is not one of its operator states",
                        operator.name(),
                        ref.state());
                require(
                        state != null && state.schemas().stream().anyMatch(s -> s.version() == ref.schemaVersion()),
                        "state '%s' of operator '%s' has no schema of version %d",
                        ref.state(),
                        operator.name(),
                        ref.schemaVersion());
                offsetsAscend(ref);
            }
        }
    }

    private static void offsetsAscend(OperatorStateRef ref) {
        long least = 0;
        for (int offset : ref.offsets()) {
            require(
                    offset >= least && offset <= ref.bytes().length(),
                    "state '%s': an element at byte %d, expected %d to %d",
                    ref.state(),
                    offset,
                    least,
                    ref.bytes().length());
            least = offset;
        }
    }

    private void enumeratorsBelongToSources() {
        distinct("enumerator", manifest.enumerators(), EnumeratorManifest::source);
        for (EnumeratorManifest enumerator : manifest.enumerators()) {
            require(
                    manifest.operators().stream()
                            .anyMatch(operator -> operator.kind() == OperatorManifest.Kind.SOURCE
                                    && operator.name().equals(enumerator.source())),
                    "an enumerator of '%s', which is no source",
                    enumerator.source());
        }
    }

    private static boolean isKeyed(StateManifest.Kind kind) {
        return switch (kind) {
            case VALUE, LIST, MAP, REDUCING, AGGREGATING -> true;
            case OPERATOR_LIST, OPERATOR_UNION, OPERATOR_BROADCAST -> false;
        };
    }

    private static <T> void distinct(String what, List<T> all, Function<T, Object> by) {
        Set<Object> seen = new HashSet<>();
        for (T each : all) {
            require(seen.add(by.apply(each)), "%s %s occurs twice", what, by.apply(each));
        }
    }

    private static void require(boolean holds, String violation, Object... details) {
        if (!holds) {
            throw new Violation(String.format(violation, details));
        }
    }
}
