package dev.holdfast.engine.metrics;

import java.util.Optional;

/**
 * What a task did over some time. Shares are 0 to 1, of that time.
 *
 * @param name such as {@code count/1}
 * @param slot whose thread it shares with other tasks
 * @param busy it had the slot's thread
 * @param stalled it waited for its own calls, such as a flush or a sink's prepare
 * @param backPressured a channel behind it took no more
 * @param idle it had nothing to read
 * @param misses share of the reads of state that did not meet memory
 * @param flushing share of the time in which a flush of its state ran, beside it
 * @param blocker the channel that kept it longest, if one did
 */
public record TaskFacts(
        String name,
        int slot,
        boolean source,
        double busy,
        double stalled,
        double backPressured,
        double idle,
        double misses,
        double flushing,
        Optional<Blocker> blocker) {

    /**
     * A channel that took no more.
     *
     * @param reader the task behind it
     * @param worker where that runs, if elsewhere
     */
    public record Blocker(String reader, Optional<String> worker) {}
}
