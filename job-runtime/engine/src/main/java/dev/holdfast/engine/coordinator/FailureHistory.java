package dev.holdfast.engine.coordinator;

import java.util.ArrayList;
import java.util.List;

/** When a job failed, as far as its restart strategy needs to know. */
final class FailureHistory {
    /** No strategy looks further back than it allows restarts; this many a second apart is half an hour. */
    private static final int MAX_KEPT = 2_000;

    private final RestartStrategy strategy;
    private final List<Long> failuresMs = new ArrayList<>();

    FailureHistory(RestartStrategy strategy) {
        this.strategy = strategy;
    }

    /** Adds a failure and decides on it. */
    RestartStrategy.Decision failed(long nowMs, double chance) {
        if (!failuresMs.isEmpty() && strategy.forgets(failuresMs.getLast(), nowMs)) {
            failuresMs.clear();
        }
        if (failuresMs.size() == MAX_KEPT) {
            failuresMs.removeFirst();
        }
        failuresMs.add(nowMs);
        return strategy.decide(List.copyOf(failuresMs), chance);
    }
}
