package dev.holdfast.engine.task;

import dev.holdfast.engine.checkpoint.CheckpointStore;
import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Manifest;
import dev.holdfast.engine.checkpoint.OperatorManifest;
import dev.holdfast.engine.checkpoint.OperatorStateRef;
import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.checkpoint.Slice;
import dev.holdfast.engine.checkpoint.SubtaskManifest;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.state.OperatorStateBytes;
import dev.holdfast.engine.state.RestoredBucket;
import dev.holdfast.engine.state.StateKind;
import dev.holdfast.engine.state.StoredState;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who gets what of a checkpoint, for any parallelism. Pure but for the reads of slices, which block.
 *
 * <ul>
 *   <li>Keyed state: every list whose key groups overlap those of the task.
 *   <li>Lists of operator state: element number g over all old tasks goes to task g modulo the new parallelism.
 *   <li>Union lists: all elements to every task. Broadcast states: the copy of old task i modulo the old parallelism.
 *   <li>Committables: those of old task j go to task j modulo the new parallelism.
 * </ul>
 */
final class RestoredState {
    private final Manifest manifest;
    private final String base;
    private final boolean shared;
    private final ObjectStore objects;
    private final CheckpointStore store;

    RestoredState(RestorePoint point, ObjectStore objects, CheckpointStore store) {
        this.manifest = point.manifest();
        this.base = point.base();
        this.shared = point.shared();
        this.objects = objects;
        this.store = store;
    }

    /** Whether later checkpoints may refer to the restored objects. */
    boolean isShared() {
        return shared;
    }

    /** The bytes of a segment, fetched in pieces as the stream is read; whoever reads it verifies them. */
    InputStream open(Segment segment) {
        return new RangeStream(objects, base + segment.object(), segment.offset(), segment.length());
    }

    List<RestoredBucket> keyed(String operator, KeyGroupRange keyGroups) {
        TreeMap<Integer, List<KeyedSegments>> buckets = new TreeMap<>();
        for (SubtaskManifest subtask : subtasks(operator)) {
            for (KeyedSegments list : subtask.keyed()) {
                if (list.valid().overlaps(keyGroups)) {
                    buckets.computeIfAbsent(list.bucket(), b -> new ArrayList<>()).add(list);
                }
            }
        }
        return buckets.entrySet().stream()
                .map(bucket -> new RestoredBucket(bucket.getKey(), bucket.getValue()))
                .toList();
    }

    List<OperatorStateBytes> operatorStates(String operator, List<StoredState> states, int index, int parallelism) {
        List<SubtaskManifest> old = subtasks(operator);
        List<OperatorStateBytes> result = new ArrayList<>();
        for (StoredState state : states) {
            if (!state.kind().isKeyed()) {
                result.addAll(operatorState(state, old, index, parallelism));
            }
        }
        return result;
    }

    private List<OperatorStateBytes> operatorState(
            StoredState state, List<SubtaskManifest> old, int index, int parallelism) {
        List<byte[]> items = new ArrayList<>();
        int version = -1;
        int number = 0;
        for (SubtaskManifest subtask : old) {
            Optional<OperatorStateRef> ref = subtask.operatorStates().stream()
                    .filter(candidate -> candidate.state().equals(state.name()))
                    .findFirst();
            boolean copies = state.kind() == StateKind.BROADCAST;
            if (ref.isEmpty() || copies && subtask.index() != index % old.size()) {
                continue;
            }
            version = ref.get().schemaVersion();
            for (byte[] item : items(ref.get())) {
                boolean mine = state.kind() != StateKind.OPERATOR_LIST || number % parallelism == index;
                if (mine) {
                    items.add(item);
                }
                number++;
            }
        }
        return version < 0 || items.isEmpty()
                ? List.of()
                : List.of(new OperatorStateBytes(state.name(), state.kind(), version, items));
    }

    private List<byte[]> items(OperatorStateRef ref) {
        byte[] all = store.fetch(base, ref.bytes(), "operator state '" + ref.state() + "'");
        List<byte[]> items = new ArrayList<>();
        for (int i = 0; i < ref.offsets().size(); i++) {
            int end = i + 1 < ref.offsets().size() ? ref.offsets().get(i + 1) : all.length;
            items.add(Arrays.copyOfRange(all, ref.offsets().get(i), end));
        }
        return items;
    }

    /** Encoded committables that this task of a sink has to commit. */
    List<byte[]> committables(String operator, int index, int parallelism) {
        List<byte[]> result = new ArrayList<>();
        for (SubtaskManifest subtask : subtasks(operator)) {
            Optional<Slice> slice = subtask.committables();
            if (slice.isPresent() && subtask.index() % parallelism == index) {
                result.add(store.fetch(base, slice.get(), "committables of sink '" + operator + "'"));
            }
        }
        return result;
    }

    private List<SubtaskManifest> subtasks(String operator) {
        return manifest.operators().stream()
                .filter(candidate -> candidate.name().equals(operator))
                .findFirst()
                .map(OperatorManifest::subtasks)
                .orElse(List.of());
    }
}
