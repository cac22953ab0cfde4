package dev.holdfast.examples.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What is done to the job, and when: each kind of act once, in an order and at moments that a seed decides. The share of the work
 * says roughly when, so that a faster machine does as much; the delay on top spreads an act over all moments between two
 * checkpoints.
 *
 * @param acts in their order
 */
record FaultPlan(List<Act> acts) {
    /** Every act must have work before and behind it. */
    private static final double[] EARLIEST = {0.10, 0.28, 0.46, 0.64};

    private static final double SPREAD = 0.10;
    /** The interval of checkpoints. */
    private static final int LONGEST_DELAY_MS = 1_000;

    /** What is done. */
    enum Kind {
        KILL_WORKER,
        KILL_COORDINATOR,
        FREEZE_WORKER,
        FREEZE_COORDINATOR
    }

    /**
     * One act.
     *
     * @param share of all records, from 0 to 1, after which it is due
     * @param delayMs how much later it happens
     * @param choice which of the workers it hits, from 0 to 1
     */
    record Act(Kind kind, double share, int delayMs, double choice) {}

    static FaultPlan of(long seed) {
        Random random = new Random(seed);
        List<Kind> kinds = new ArrayList<>(Arrays.asList(Kind.values()));
        Collections.shuffle(kinds, random);
        List<Act> acts = new ArrayList<>();
        for (int i = 0; i < EARLIEST.length; i++) {
            acts.add(new Act(
                    kinds.get(i),
                    EARLIEST[i] + SPREAD * random.nextDouble(),
                    random.nextInt(LONGEST_DELAY_MS),
                    random.nextDouble()));
        }
        return new FaultPlan(List.copyOf(acts));
    }
}
