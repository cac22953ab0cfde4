package dev.holdfast.engine.worker;

import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.checkpoint.CheckpointStore;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.OperatorStateRef;
import dev.holdfast.engine.checkpoint.PackWriter;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.checkpoint.Slice;
import dev.holdfast.engine.checkpoint.SubtaskManifest;
import dev.holdfast.engine.env.Randomness;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToCoordinator.OperatorPart;
import dev.holdfast.engine.protocol.ToCoordinator.WorkerSnapshot;
import dev.holdfast.engine.state.BucketSnapshot;
import dev.holdfast.engine.state.KeyedSnapshot;
import dev.holdfast.engine.state.LocalSegments;
import dev.holdfast.engine.state.OperatorStateBytes;
import dev.holdfast.engine.state.StateSegment;
import dev.holdfast.engine.task.TaskSnapshot;
import dev.holdfast.engine.task.Upload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a worker's part of a checkpoint. Blocks; for one checkpoint.
 *
 * <ol>
 *   <li>Segments that a completed checkpoint holds already are named again, nothing is written for them.
 *   <li>Of the others, large ones become runs, objects of their own; all else goes into one pack.
 *   <li>The pack is written last. Until the manifest names them, all of these objects mean nothing.
 * </ol>
 */
final class PackUpload {
    /**
     * From this size on a segment is an object of its own. Smaller ones would cost a request each at every restore; larger ones
     * in packs would keep whole packs alive for a single segment.
     */
    static final long RUN_BYTES = 8L << 20;

    private final CheckpointStore store;
    private final Randomness randomness;
    private final long generation;
    private final long checkpointId;
    private final PackWriter pack;
    private final String packName;
    private final Map<TaskId, Map<StateSegment, Segment>> segments = new HashMap<>();
    private final LocalSegments local;
    private long uploadedBytes;

    /** @param local keeps what is written here, for a restore */
    PackUpload(
            CheckpointStore store,
            Randomness randomness,
            long generation,
            long checkpointId,
            int worker,
            LocalSegments local) {
        this.store = store;
        this.randomness = randomness;
        this.generation = generation;
        this.checkpointId = checkpointId;
        this.local = local;
        this.packName = JobRoot.pack(checkpointId, generation, Integer.toString(worker), randomness.uniqueName());
        this.pack = new PackWriter(packName);
    }

    /** Writes everything that the tasks captured. */
    Upload run(List<TaskSnapshot> tasks) throws InterruptedException {
        List<OperatorPart> parts = new ArrayList<>();
        for (TaskSnapshot task : tasks) {
            for (TaskSnapshot.OperatorSnapshot operator : task.operators()) {
                parts.add(new OperatorPart(operator.operator(), part(task.task(), operator)));
            }
        }
        if (!pack.isEmpty()) {
            var content = pack.finish();
            store.writeData(packName, content);
            uploadedBytes += content.sizeBytes();
        }
        return new Upload(new WorkerSnapshot(parts, uploadedBytes), segments);
    }

    private SubtaskManifest part(TaskId task, TaskSnapshot.OperatorSnapshot operator) throws InterruptedException {
        List<KeyedSegments> keyed = new ArrayList<>();
        KeyedSnapshot snapshot = operator.keyed();
        if (snapshot != null) {
            for (BucketSnapshot bucket : snapshot.buckets()) {
                List<Segment> list = new ArrayList<>();
                for (StateSegment segment : bucket.segments()) {
                    list.add(place(task, operator.operator(), segment));
                }
                keyed.add(new KeyedSegments(bucket.bucket(), bucket.keyGroups(), list));
            }
        }
        String what = operator.operator() + "/" + task.subtask();
        List<OperatorStateRef> states = new ArrayList<>();
        for (OperatorStateBytes state : operator.states()) {
            if (!state.items().isEmpty()) {
                states.add(operatorState(what, state));
            }
        }
        return new SubtaskManifest(
                task.subtask(),
                keyed,
                states,
                slice(what + " splits", operator.splits()),
                slice(what + " committables", operator.committables()));
    }

    private Segment place(TaskId task, String operator, StateSegment segment) throws InterruptedException {
        Segment placed = placed(task, operator, segment);
        local.hold(checkpointId, LocalSegments.Key.of(store.base(), placed), segment);
        return placed;
    }

    private Segment placed(TaskId task, String operator, StateSegment segment) throws InterruptedException {
        Segment confirmed = segment.confirmed();
        if (confirmed != null) {
            return confirmed;
        }
        Segment placed;
        if (segment.sizeBytes() >= RUN_BYTES) {
            String name = JobRoot.run(generation, checkpointId, randomness.uniqueName());
            store.writeData(name, segment.content());
            uploadedBytes += segment.sizeBytes();
            placed = new Segment(
                    name,
                    0,
                    segment.sizeBytes(),
                    segment.format(),
                    segment.keyGroups(),
                    segment.entries(),
                    segment.crc32c());
        } else {
            placed = pack.appendSegment(
                    operator + "/" + task.subtask() + " key groups " + segment.keyGroups(),
                    segment.content(),
                    segment.crc32c(),
                    segment.format(),
                    segment.keyGroups(),
                    segment.entries());
        }
        segments.computeIfAbsent(task, t -> new IdentityHashMap<>()).put(segment, placed);
        return placed;
    }

    private OperatorStateRef operatorState(String what, OperatorStateBytes state) {
        DataWriter all = new DataWriter();
        List<Integer> offsets = new ArrayList<>();
        for (byte[] item : state.items()) {
            offsets.add(all.size());
            all.writeBytes(item);
        }
        Slice slice = pack.append(what + " state " + state.name(), all.toByteArray());
        return new OperatorStateRef(state.name(), state.version(), slice, offsets);
    }

    private Optional<Slice> slice(String what, byte @Nullable [] bytes) {
        return bytes == null ? Optional.empty() : Optional.of(pack.append(what, bytes));
    }
}
