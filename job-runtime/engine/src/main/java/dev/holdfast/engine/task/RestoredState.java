package dev.holdfast.engine.task;

import dev.holdfast.engine.checkpoint.CheckpointStore;
import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Manifest;
import dev.holdfast.engine.checkpoint.OperatorManifest;
import dev.holdfast.engine.checkpoint.OperatorStateRef;
import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.checkpoint.Slice;
import dev.holdfast.engine.checkpoint.SubtaskManifest;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.state.OperatorStateBytes;
import dev.holdfast.engine.state.OperatorStateDealing;
import dev.holdfast.engine.state.RestoredBucket;
import dev.holdfast.engine.state.StateKind;
import dev.holdfast.engine.state.StoredState;
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
 *   <li>Operator state: as {@link OperatorStateDealing} deals it.
 *   <li>Committables: those of old task j go to task j modulo the new parallelism.
 * </ul>
 */
final class RestoredState {
    private final Manifest manifest;
    private final String base;
    private final boolean shared;
    private final CheckpointStore store;

    RestoredState(RestorePoint point, CheckpointStore store) {
        this.manifest = point.manifest();
        this.base = point.base();
        this.shared = point.shared();
        this.store = store;
    }

    /** Where the names of its objects begin in the bucket. */
    String base() {
        return base;
    }

    /** Whether later checkpoints may refer to the restored objects. */
    boolean isShared() {
        return shared;
    }

    List<RestoredBucket> keyed(String operator, KeyGroupRange keyGroups) {
        TreeMap<Integer, List<KeyedSegments>> buckets = new TreeMap<>();
        for (SubtaskManifest subtask : subtasks(operator)) {
            for (KeyedSegments list : subtask.keyed()) {
                if (list.valid().overlaps(keyGroups)) {
                    buckets.computeIfAbsent(list.bucket(), b -> new ArrayList<>())
                            .add(list);
                }
            }
        }
        return buckets.entrySet().stream()
                .map(bucket -> new RestoredBucket(bucket.getKey(), bucket.getValue()))
                .toList();
    }

    List<OperatorStateBytes> operatorStates(String operator, List<StoredState> states, int index, int parallelism) {
        List<List<OperatorStateBytes>> old = new ArrayList<>();
        for (SubtaskManifest subtask : subtasks(operator)) {
            List<OperatorStateBytes> of = new ArrayList<>();
            for (OperatorStateRef ref : subtask.operatorStates()) {
                of.add(new OperatorStateBytes(ref.state(), kind(states, ref.state()), ref.schemaVersion(), items(ref)));
            }
            old.add(of);
        }
        return OperatorStateDealing.deal(old, parallelism).get(index);
    }

    private static StateKind kind(List<StoredState> states, String name) {
        return states.stream()
                .filter(state -> state.name().equals(name))
                .findFirst()
                .map(StoredState::kind)
                .orElseThrow(() -> new IllegalStateException("state '" + name + "' is not in the layout"));
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
