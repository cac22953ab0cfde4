package dev.holdfast.engine.task;

import dev.holdfast.engine.operator.ChainOperator;
import dev.holdfast.engine.operator.KeyedOperator;
import dev.holdfast.engine.operator.SinkOperator;
import dev.holdfast.engine.operator.SourceOperator;
import dev.holdfast.engine.operator.TransactionalSinkOperator;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.state.KeyedSnapshot;
import dev.holdfast.engine.state.OperatorStateBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task's part of one checkpoint while it comes together: what is captured at the barrier at once, and what arrives later
 * from the flush of keyed state and from the sinks' prepare calls.
 */
final class Barrier {
    private final long checkpointId;
    private final List<ChainOperator> operators;
    private final Map<ChainOperator, List<OperatorStateBytes>> states = new HashMap<>();
    private byte @Nullable [] splits;
    private @Nullable KeyedSnapshot keyed;
    private int missing;

    Barrier(long checkpointId, List<ChainOperator> operators) {
        this.checkpointId = checkpointId;
        this.operators = operators;
    }

    long checkpointId() {
        return checkpointId;
    }

    void captured(ChainOperator operator, List<OperatorStateBytes> bytes) {
        states.put(operator, bytes);
    }

    void splits(byte[] bytes) {
        splits = bytes;
    }

    /** Something will arrive later. */
    void expect() {
        missing++;
    }

    void flushed(KeyedSnapshot snapshot) {
        keyed = snapshot;
        missing--;
    }

    void prepared() {
        missing--;
    }

    boolean isComplete() {
        return missing == 0;
    }

    TaskSnapshot snapshot(TaskId task) {
        List<TaskSnapshot.OperatorSnapshot> parts = new ArrayList<>();
        for (ChainOperator operator : operators) {
            parts.add(new TaskSnapshot.OperatorSnapshot(
                    operator.name(),
                    operator instanceof KeyedOperator ? keyed : null,
                    states.getOrDefault(operator, List.of()),
                    operator instanceof SourceOperator ? splits : null,
                    operator instanceof SinkOperator sink && sink instanceof TransactionalSinkOperator transactional
                            ? transactional.committables(checkpointId)
                            : null));
        }
        return new TaskSnapshot(task, checkpointId, parts);
    }
}
