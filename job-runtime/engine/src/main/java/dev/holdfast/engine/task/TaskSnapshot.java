package dev.holdfast.engine.task;

import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.state.KeyedSnapshot;
import dev.holdfast.engine.state.OperatorStateBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task's part of a checkpoint, before it is uploaded.
 *
 * @param operators those that have a name of their own, head first
 */
public record TaskSnapshot(TaskId task, long checkpointId, List<OperatorSnapshot> operators) {
    public TaskSnapshot {
        operators = List.copyOf(operators);
    }

    /**
     * One operator's part.
     *
     * @param keyed its keyed state, if it has any
     * @param splits of a source's reader, encoded
     * @param committables of a sink, encoded
     */
    public record OperatorSnapshot(
            String operator,
            @Nullable KeyedSnapshot keyed,
            List<OperatorStateBytes> states,
            byte @Nullable [] splits,
            byte @Nullable [] committables) {
        public OperatorSnapshot {
            states = List.copyOf(states);
        }
    }
}
