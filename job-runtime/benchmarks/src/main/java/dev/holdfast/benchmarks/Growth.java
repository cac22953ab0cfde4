package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * The longest pause while 1,200,000 new keys are written in batches of 512, as tasks take them: what the growth of the table
 * in memory costs a record or a barrier that comes at the wrong time. Not under JMH, which has no maximum of this kind.
 */
final class Growth {
    private static final int KEYS = 1_200_000;
    private static final int BATCH = 512;
    private static final int WARM_UP = 3;
    private static final int ROUNDS = 7;

    private Growth() {}

    /** One number for each round. */
    static List<Double> longestBatchesNs() throws Exception {
        List<Double> longest = new ArrayList<>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            try (LocalState local = new LocalState(KEYS, 128, 1L << 30)) {
                // Else a collection of what was made before falls into a batch.
                System.gc();
                double found = longestBatchNs(local);
                if (round >= WARM_UP) {
                    longest.add(found);
                }
            }
        }
        return longest;
    }

    private static double longestBatchNs(LocalState local) {
        long longestNs = 0;
        for (int from = 0; from < KEYS; from += BATCH) {
            long startNs = System.nanoTime();
            local.setAll(1000, from, Math.min(KEYS, from + BATCH));
            longestNs = Math.max(longestNs, System.nanoTime() - startNs);
        }
        return longestNs;
    }
}
