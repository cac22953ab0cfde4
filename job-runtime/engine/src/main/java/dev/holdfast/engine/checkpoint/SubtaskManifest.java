package dev.holdfast.engine.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * What one subtask of an operator left in a checkpoint.
 *
 * @param index of the subtask, from 0
 * @param keyed keyed state: of a keyed operator every bucket that the subtask's key groups touch, also where it is empty, so
 *     that a lost part is noticed
 * @param operatorStates operator state, one for each state that has elements
 * @param splits the splits of a source's reader with their positions
 * @param committables what a sink prepared and the log slot of the checkpoint decides to commit
 */
public record SubtaskManifest(
        int index,
        List<KeyedSegments> keyed,
        List<OperatorStateRef> operatorStates,
        Optional<Slice> splits,
        Optional<Slice> committables) {

    public SubtaskManifest {
        keyed = List.copyOf(keyed);
        operatorStates = List.copyOf(operatorStates);
    }
}
