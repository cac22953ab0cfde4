package dev.holdfast.engine.type;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The seed of the randomised tests: a new one in each run, or that of {@code -Dholdfast.seed=}. Printed, so that a run can
 * be repeated.
 */
final class Seeds {
    private static final long SEED = Long.getLong("holdfast.seed", new Random().nextLong());
    private static final Set<Class<?>> PRINTED = ConcurrentHashMap.newKeySet();

    private Seeds() {}

    static Random random(Class<?> test) {
        if (PRINTED.add(test)) {
            System.out.println(test.getSimpleName() + ": -Dholdfast.seed=" + SEED);
        }
        return new Random(SEED);
    }
}
