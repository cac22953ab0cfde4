package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.graph.KeyGroupRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ManifestInvariantsTest {
    private final Manifest sound = GoldenCheckpointFilesTest.manifest();

    private static void violates(Manifest manifest, String violation) {
        assertThatThrownBy(() -> ManifestInvariants.check("the-key", manifest))
                .isInstanceOf(SnapshotException.class)
                .hasMessageStartingWith("HF-CKP-007: manifest 'the-key' cannot be right: ")
                .hasMessageContaining(violation);
    }

    private static Manifest with(Manifest m, long id, long generation, int max, List<OperatorManifest> operators) {
        return new Manifest(
                m.job(),
                id,
                m.kind(),
                generation,
                m.createdWallMs(),
                m.planFingerprint(),
                max,
                operators,
                m.enumerators(),
                m.incrementalBytes(),
                m.fullBytes());
    }

    private Manifest withOperator(int index, UnaryOperator<OperatorManifest> change) {
        List<OperatorManifest> operators = new ArrayList<>(sound.operators());
        operators.set(index, change.apply(operators.get(index)));
        return with(sound, 7, 3, 2, operators);
    }

    private Manifest withKeyed(List<KeyedSegments> keyed) {
        return withOperator(
                1,
                o -> withSubtasks(
                        o, List.of(new SubtaskManifest(0, keyed, List.of(), Optional.empty(), Optional.empty()))));
    }

    private static OperatorManifest withSubtasks(OperatorManifest o, List<SubtaskManifest> subtasks) {
        return new OperatorManifest(
                o.name(), o.operatorId(), o.kind(), o.parallelism(), o.keySchema(), o.states(), subtasks);
    }

    private static KeyedSegments empty(int bucket, int from, int to) {
        return new KeyedSegments(bucket, new KeyGroupRange(from, to), List.of());
    }

    @Test
    void aLostKeyGroupIsNoticed() {
        violates(withKeyed(List.of(empty(0, 0, 0))), "operator 'count' lacks key group 1 of 2");
    }

    @Test
    void aKeyGroupWithTwoOwnersIsNoticed() {
        violates(
                withKeyed(List.of(empty(0, 0, 0), empty(1, 1, 1), empty(0, 0, 0))),
                "operator 'count', subtask 0, bucket 0: key group 0 occurs twice");
    }

    @Test
    void keyGroupsOfAnotherBucketAreNoticed() {
        violates(withKeyed(List.of(empty(0, 0, 1))), "key groups 0-1, expected some of 0-1 and of 0-0");
        violates(withKeyed(List.of(empty(5, 0, 0))), "no range of key groups for task 5 of 2");
    }

    @Test
    void aSegmentThatStraddlesBucketsIsNoticed() {
        Segment wide = new Segment("runs/2-5-xyz.sst", 0, 9, Segment.Format.SST, new KeyGroupRange(0, 1), 1, 0);
        violates(
                withKeyed(List.of(new KeyedSegments(0, new KeyGroupRange(0, 0), List.of(wide)), empty(1, 1, 1))),
                "segment of key groups 0-1, expected some of 0-0");
    }

    @Test
    void aMissingSubtaskIsNoticed() {
        violates(withOperator(0, o -> withSubtasks(o, List.of())), "operator 'in' of parallelism 1 has 0 subtasks");
        SubtaskManifest third = new SubtaskManifest(2, List.of(), List.of(), Optional.empty(), Optional.empty());
        violates(withOperator(0, o -> withSubtasks(o, List.of(third))), "operator 'in' has subtask 2 in place 0");
    }

    @Test
    void objectsOfLaterCheckpointsOrOtherPlacesAreNoticed() {
        violates(
                with(sound, 6, 3, 2, sound.operators()),
                "is no pack or run of checkpoint 6 and generation 3 or before");
        violates(
                with(sound, 7, 2, 2, sound.operators()),
                "is no pack or run of checkpoint 7 and generation 2 or before");
        Segment foreign = new Segment("savepoints/s/data/x", 0, 9, Segment.Format.SST, new KeyGroupRange(0, 0), 1, 0);
        violates(
                withKeyed(List.of(new KeyedSegments(0, new KeyGroupRange(0, 0), List.of(foreign)), empty(1, 1, 1))),
                "it points at object 'savepoints/s/data/x'");
    }

    @Test
    void twoOperatorsOfOneNameOrIdAreNoticed() {
        OperatorManifest in = sound.operators().getFirst();
        violates(with(sound, 7, 3, 2, List.of(in, in)), "operator name in occurs twice");
        OperatorManifest other =
                new OperatorManifest("in2", in.operatorId(), in.kind(), 1, in.keySchema(), in.states(), in.subtasks());
        violates(with(sound, 7, 3, 2, List.of(in, other)), "operator id 0 occurs twice");
    }

    @Test
    void elementsOfAnUnknownStateOrSchemaAreNoticed() {
        Slice slice = new Slice("checkpoints/00000000000000000007/pack-3-w1-abc", 92, 9, 6);
        violates(withElements(new OperatorStateRef("other", 1, slice, List.of())), "has elements of 'other'");
        violates(withElements(new OperatorStateRef("names", 9, slice, List.of())), "has no schema of version 9");
        violates(withElements(new OperatorStateRef("names", 1, slice, List.of(3, 2))), "an element at byte 2");
        violates(withElements(new OperatorStateRef("names", 1, slice, List.of(0, 10))), "an element at byte 10");
    }

    private Manifest withElements(OperatorStateRef ref) {
        return withOperator(
                2,
                o -> withSubtasks(
                        o,
                        List.of(new SubtaskManifest(0, List.of(), List.of(ref), Optional.empty(), Optional.empty()))));
    }

    @Test
    void partsInOperatorsOfTheWrongKindAreNoticed() {
        Optional<Slice> slice = Optional.of(new Slice("checkpoints/00000000000000000007/pack-3-w1-abc", 92, 9, 6));
        SubtaskManifest committing = new SubtaskManifest(0, List.of(), List.of(), Optional.empty(), slice);
        violates(
                withOperator(0, o -> withSubtasks(o, List.of(committing))),
                "operator 'in' has committables and is no sink");
        SubtaskManifest reading = new SubtaskManifest(0, List.of(), List.of(), slice, Optional.empty());
        violates(withOperator(2, o -> withSubtasks(o, List.of(reading))), "operator 'out' has splits and is no source");
    }

    @Test
    void nothingOfThisKindIsEverWritten() {
        MemoryObjectStore bucket = new MemoryObjectStore();
        CheckpointStore store = new CheckpointStore(TestProcess.env(bucket, 1), TestCoordinator.ROOT);
        assertThatThrownBy(() -> store.writeManifest(withKeyed(List.of()))).hasMessageContaining("HF-CKP-007");
        assertThat(TestCoordinator.keys(bucket)).isEmpty();
    }

    @Test
    void aCheckpointMayTakeOverOnlyWhatIsRetained() {
        MemoryObjectStore bucket = new MemoryObjectStore();
        CheckpointStore store = new CheckpointStore(TestProcess.env(bucket, 1), TestCoordinator.ROOT);
        assertThatThrownBy(() -> store.requireRetained(sound, List.of()))
                .hasMessage("HF-CKP-013: checkpoint 7 of default/wordcount/a1 points at object"
                        + " 'default/wordcount/a1/runs/2-5-xyz.sst', which is not its own and which no retained"
                        + " checkpoint has");
        store.requireRetained(sound, List.of(sound));
    }
}
