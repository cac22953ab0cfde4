package dev.holdfast.transport.netty;

import java.util.Random;

/** The seed of the randomised tests: a new one in each run, or that of {@code -Dholdfast.seed=}. Printed, so that a run can be repeated. */
final class Seeds {
    private static final long SEED = Long.getLong("holdfast.seed", new Random().nextLong());

    private Seeds() {}

    static Random random(Class<?> test) {
        System.out.println(test.getSimpleName() + ": -Dholdfast.seed=" + SEED);
        return new Random(SEED);
    }
}
