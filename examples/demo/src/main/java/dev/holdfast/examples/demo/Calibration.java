package dev.holdfast.examples.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Finds out how often the text must be read for a run of about 40 seconds on this machine, by timing the sequential counter. A
 * machine that is busy with something else gets fewer rounds than it could do alone.
 */
final class Calibration {
    /** Until the JIT compiler is done with the counter. */
    private static final int WARM_UP_ROUNDS = 8;

    private static final int ROUNDS = 5;
    /** Of the 40 seconds, starts, what passes until a loss is noticed, and what is read again take some. */
    private static final double READING_S = 20;
    /** Time of a round of the job on three workers and two cores, over that of the counter: 0.35 s over 0.07 s. */
    private static final double JOB_TO_COUNTER = 5.0;
    /** Below this the kills would come before the first checkpoint; above it the disk would fill with updates. */
    private static final int LEAST = 20;

    private static final int MOST = 300;

    private Calibration() {}

    static int repeat(Path text) throws IOException {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            new SequentialCounter().count(text);
        }
        long[] roundsNs = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long startNs = System.nanoTime();
            new SequentialCounter().count(text);
            roundsNs[round] = System.nanoTime() - startNs;
        }
        Arrays.sort(roundsNs);
        return repeat(roundsNs[ROUNDS / 2]);
    }

    /** The number of rounds where the counter takes so long for one. */
    static int repeat(long counterNs) {
        long rounds = Math.round(READING_S * 1e9 / (JOB_TO_COUNTER * Math.max(1, counterNs)));
        return Math.clamp(rounds, LEAST, MOST);
    }
}
