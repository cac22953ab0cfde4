package dev.holdfast.engine.task;

import dev.holdfast.engine.state.StoredState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task keeps beside an operator.
 *
 * @param isNamed whether the user gave the name, so that its state is in checkpoints
 * @param stored ids and schemas of its states
 * @param commitsOrNull only for transactional sinks
 */
record OperatorRuntime(
        TaskContext context,
        boolean isNamed,
        List<StoredState> stored,
        @Nullable Commits commitsOrNull) {

    Commits commits() {
        if (commitsOrNull == null) {
            throw new IllegalStateException("operator '" + context.operatorName() + "' commits nothing");
        }
        return commitsOrNull;
    }
}
