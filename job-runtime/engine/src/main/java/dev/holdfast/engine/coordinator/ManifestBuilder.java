package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.Blob;
import dev.holdfast.engine.checkpoint.EnumeratorManifest;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Manifest;
import dev.holdfast.engine.checkpoint.OperatorManifest;
import dev.holdfast.engine.checkpoint.OperatorStateRef;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.checkpoint.Slice;
import dev.holdfast.engine.checkpoint.SubtaskManifest;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.operator.StateLayout;
import dev.holdfast.engine.protocol.ToCoordinator.OperatorPart;
import dev.holdfast.engine.protocol.ToCoordinator.WorkerSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the manifest of a checkpoint from the parts of all workers. Pure. */
final class ManifestBuilder {
    private final JobRoot root;
    private final Program program;
    private final StateLayout layout;

    ManifestBuilder(JobRoot root, Program program, StateLayout layout) {
        this.root = root;
        this.program = program;
        this.layout = layout;
    }

    Manifest build(
            long checkpointId,
            long generation,
            long wallMs,
            Collection<WorkerSnapshot> snapshots,
            Map<String, Blob> enumerators) {
        Map<String, List<SubtaskManifest>> parts = new HashMap<>();
        long uploaded = 0;
        for (WorkerSnapshot snapshot : snapshots) {
            uploaded += snapshot.uploadedBytes();
            for (OperatorPart part : snapshot.parts()) {
                parts.computeIfAbsent(part.operator(), operator -> new ArrayList<>())
                        .add(part.part());
            }
        }
        List<OperatorManifest> operators = new ArrayList<>();
        for (StateLayout.OperatorLayout operator : layout.operators()) {
            List<SubtaskManifest> subtasks = parts.getOrDefault(operator.name(), List.of()).stream()
                    .sorted(Comparator.comparingInt(SubtaskManifest::index))
                    .toList();
            operators.add(new OperatorManifest(
                    operator.name(),
                    operator.operatorId(),
                    operator.kind(),
                    subtasks.size(),
                    operator.keySchema(),
                    layout.manifests(operator.name()),
                    subtasks));
        }
        List<EnumeratorManifest> enumeratorManifests = new ArrayList<>();
        enumerators.forEach((source, state) -> enumeratorManifests.add(new EnumeratorManifest(source, state)));
        return new Manifest(
                root,
                checkpointId,
                Manifest.Kind.CHECKPOINT,
                generation,
                wallMs,
                program.plan().fingerprint(),
                program.graph().maxParallelism(),
                operators,
                enumeratorManifests,
                uploaded,
                fullBytes(operators, enumeratorManifests));
    }

    private static long fullBytes(List<OperatorManifest> operators, List<EnumeratorManifest> enumerators) {
        long bytes = enumerators.stream().mapToLong(e -> e.state().sizeBytes()).sum();
        for (OperatorManifest operator : operators) {
            for (SubtaskManifest subtask : operator.subtasks()) {
                for (KeyedSegments list : subtask.keyed()) {
                    bytes += list.segments().stream().mapToLong(Segment::length).sum();
                }
                for (OperatorStateRef state : subtask.operatorStates()) {
                    bytes += state.bytes().length();
                }
                bytes += subtask.splits().map(Slice::length).orElse(0L);
                bytes += subtask.committables().map(Slice::length).orElse(0L);
            }
        }
        return bytes;
    }

    /** Whether a manifest has transactions to commit. */
    static boolean hasCommittables(Manifest manifest) {
        return manifest.operators().stream()
                .flatMap(operator -> operator.subtasks().stream())
                .anyMatch(subtask -> subtask.committables().isPresent());
    }
}
