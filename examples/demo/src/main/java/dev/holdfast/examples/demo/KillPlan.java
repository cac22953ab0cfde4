package dev.holdfast.examples.demo;

import java.util.List;
import java.util.Random;

/**
 * When the job is killed. The share of the work says roughly when, so that a faster machine kills as often; the delay on top
 * spreads the kill over all moments between two checkpoints.
 *
 * @param kills in their order
 */
record KillPlan(List<Kill> kills) {
    /** Every kill must have a checkpoint before it and work behind it. */
    private static final double[] EARLIEST = {0.15, 0.50};

    private static final double SPREAD = 0.25;
    /** The interval of checkpoints. */
    private static final int LONGEST_DELAY_MS = 1_000;

    /**
     * One kill.
     *
     * @param share of all records, from 0 to 1, after which it is due
     * @param delayMs how much later it happens
     */
    record Kill(double share, int delayMs) {}

    static KillPlan of(long seed) {
        Random random = new Random(seed);
        return new KillPlan(java.util.stream.DoubleStream.of(EARLIEST)
                .mapToObj(
                        earliest -> new Kill(earliest + SPREAD * random.nextDouble(), random.nextInt(LONGEST_DELAY_MS)))
                .toList());
    }
}
