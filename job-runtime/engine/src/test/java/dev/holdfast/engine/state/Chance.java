package dev.holdfast.engine.state;

import dev.holdfast.engine.env.Randomness;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;

/** The choices of one schedule. */
final class Chance implements Randomness {
    private final SimulatedRandomness random;

    Chance(long seed) {
        random = new SimulatedRandomness(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True in one of {@code n} cases. */
    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
