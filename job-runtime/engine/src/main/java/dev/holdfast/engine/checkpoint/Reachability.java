package dev.holdfast.engine.checkpoint;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Which objects a manifest needs. The one place that knows all the ways in which a manifest points at objects. */
final class Reachability {
    private Reachability() {}

    /** Names of the objects, sorted, relative as in the manifest; the manifest itself is not among them. */
    static Set<String> reachable(Manifest manifest) {
        return neededBytes(manifest).keySet();
    }

    /** How long each object must be at least. */
    static Map<String, Long> neededBytes(Manifest manifest) {
        Map<String, Long> needed = new TreeMap<>();
        forEach(manifest, (what, slice) -> needed.merge(slice.object(), slice.offset() + slice.length(), Math::max));
        return needed;
    }

    /** Everything that a manifest points at, with what it is. */
    static void forEach(Manifest manifest, BiConsumer<String, Slice> use) {
        for (OperatorManifest operator : manifest.operators()) {
            for (SubtaskManifest subtask : operator.subtasks()) {
                String of = " of operator '" + operator.name() + "', subtask " + subtask.index();
                for (KeyedSegments keyed : subtask.keyed()) {
                    for (Segment segment : keyed.segments()) {
                        use.accept(CheckpointStore.describe(segment) + of, CheckpointStore.sliceOf(segment));
                    }
                }
                for (OperatorStateRef state : subtask.operatorStates()) {
                    use.accept("state '" + state.state() + "'" + of, state.bytes());
                }
                subtask.splits().ifPresent(slice -> use.accept("splits" + of, slice));
                subtask.committables().ifPresent(slice -> use.accept("committables" + of, slice));
            }
        }
        for (EnumeratorManifest enumerator : manifest.enumerators()) {
            if (enumerator.state() instanceof Blob.Stored stored) {
                use.accept("enumerator of source '" + enumerator.source() + "'", stored.slice());
            }
        }
    }
}
