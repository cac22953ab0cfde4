package dev.holdfast.connector.files;

import java.util.Random;

/** Seeds of randomised tests: new ones each time, or the one of {@code -Dholdfast.seed=}. */
final class Seeds {
    private Seeds() {}

    interface Trial {
        void run(Random random) throws Exception;
    }

    /** Runs a trial many times; a failure names the seed that repeats it. */
    static void each(int trials, Trial trial) throws Exception {
        Long given = Long.getLong("holdfast.seed");
        long first = given == null ? new Random().nextLong() : given;
        for (int i = 0; i < (given == null ? trials : 1); i++) {
            long seed = first + i;
            try {
                trial.run(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("failed; repeat with -Dholdfast.seed=" + seed, e);
            }
        }
    }
}
