package dev.holdfast.engine.checkpoint;

import java.util.List;
import java.util.Map;

/** Writes a manifest anew whose slices have moved. */
final class Relocation {
    private final Map<Slice, Slice> moved;

    /** @param moved the new place of every slice that the manifest points at */
    Relocation(Map<Slice, Slice> moved) {
        this.moved = moved;
    }

    /** The same snapshot as a savepoint; what was copied is all of it, so both its sizes are that. */
    Manifest of(Manifest manifest, long copiedBytes) {
        return new Manifest(
                manifest.job(),
                manifest.checkpointId(),
                Manifest.Kind.SAVEPOINT,
                manifest.generation(),
                manifest.createdWallMs(),
                manifest.planFingerprint(),
                manifest.maxParallelism(),
                manifest.operators().stream().map(this::of).toList(),
                manifest.enumerators().stream().map(this::of).toList(),
                copiedBytes,
                copiedBytes);
    }

    private OperatorManifest of(OperatorManifest operator) {
        return new OperatorManifest(
                operator.name(),
                operator.operatorId(),
                operator.kind(),
                operator.parallelism(),
                operator.keySchema(),
                operator.states(),
                operator.subtasks().stream().map(this::of).toList());
    }

    private SubtaskManifest of(SubtaskManifest subtask) {
        return new SubtaskManifest(
                subtask.index(),
                subtask.keyed().stream().map(this::of).toList(),
                subtask.operatorStates().stream().map(this::of).toList(),
                subtask.splits().map(this::of),
                subtask.committables().map(this::of));
    }

    private KeyedSegments of(KeyedSegments keyed) {
        List<Segment> segments = keyed.segments().stream().map(this::of).toList();
        return new KeyedSegments(keyed.bucket(), keyed.valid(), segments);
    }

    private Segment of(Segment segment) {
        Slice place = of(CheckpointStore.sliceOf(segment));
        return new Segment(
                place.object(),
                place.offset(),
                place.length(),
                segment.format(),
                segment.keyGroups(),
                segment.entries(),
                segment.crc32c());
    }

    private OperatorStateRef of(OperatorStateRef state) {
        return new OperatorStateRef(state.state(), state.schemaVersion(), of(state.bytes()), state.offsets());
    }

    private EnumeratorManifest of(EnumeratorManifest enumerator) {
        return switch (enumerator.state()) {
            case Blob.Inline inline -> enumerator;
            case Blob.Stored(Slice slice) -> new EnumeratorManifest(enumerator.source(), new Blob.Stored(of(slice)));
        };
    }

    private Slice of(Slice slice) {
        Slice place = moved.get(slice);
        if (place == null) {
            throw new IllegalStateException("no copy was made of " + slice);
        }
        return place;
    }
}
