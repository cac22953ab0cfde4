package dev.holdfast.engine.task;

import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.state.KeyedState;
import dev.holdfast.engine.state.StateSegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker's part of a checkpoint that lies in the store: what is said of it, and where each segment of this machine lies there.
 */
public record Upload(ToCoordinator.WorkerSnapshot snapshot, Map<TaskId, Map<StateSegment, Segment>> segments) {

    /** Tells a task's state where its segments lie; called on the slot's thread when the checkpoint is in the log. */
    void confirm(TaskId task, @Nullable KeyedState state, long checkpointId) {
        if (state != null) {
            state.confirm(checkpointId, segments.getOrDefault(task, Map.of()));
        }
    }
}
