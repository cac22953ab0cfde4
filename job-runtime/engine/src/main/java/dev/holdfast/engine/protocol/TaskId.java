package dev.holdfast.engine.protocol;

/**
 * One parallel instance of a chain.
 *
 * @param vertex number of the chain in the plan
 * @param subtask from 0
 */
public record TaskId(int vertex, int subtask) {
    @Override
    public String toString() {
        return vertex + "/" + subtask;
    }
}
