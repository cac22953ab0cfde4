package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.Randomness;

/** SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014). For one thread at a time. */
public final class SimulatedRandomness implements Randomness {
    private long state;

    public SimulatedRandomness(long seed) {
        state = seed;
    }

    @Override
    public long nextLong() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound must be positive, found " + bound);
        }
        return (int) Long.remainderUnsigned(nextLong() >>> 1, bound);
    }

    /** Another source that depends on this one's state. */
    public SimulatedRandomness split() {
        return new SimulatedRandomness(nextLong());
    }
}
