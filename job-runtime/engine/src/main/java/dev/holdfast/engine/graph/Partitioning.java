package dev.holdfast.engine.graph;

import dev.holdfast.api.KeySelector;
import dev.holdfast.api.type.Type;

/** How the records of an edge find their task. */
public sealed interface Partitioning {

    /** To the task with the same number; needs equal parallelism. */
    record Forward() implements Partitioning {}

    /** In turn to all tasks. */
    record Rebalance() implements Partitioning {}

    /** To every task. */
    record Broadcast() implements Partitioning {}

    /** To the task that owns the key's group. */
    record Keyed(Type<?> keyType, KeySelector<?, ?> selector) implements Partitioning {}

    /** Name in plans and texts. */
    default String label() {
        return switch (this) {
            case Forward f -> "forward";
            case Rebalance r -> "rebalance";
            case Broadcast b -> "broadcast";
            case Keyed k -> "keyed";
        };
    }
}
