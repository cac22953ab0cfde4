package dev.holdfast.connector.datagen;

import java.util.random.RandomGenerator;

/**
 * Random numbers that depend on a seed and an index alone, and will be the same in all versions. SplitMix64 (Steele, Lea,
 * Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014), started at a hash of seed and index, so that the
 * sequences of neighbouring indices have nothing in common.
 */
public final class SeededRandom implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    SeededRandom() {}

    void reset(long seed, long index) {
        state = mix(mix(seed) + index * GOLDEN_GAMMA);
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    /** Evenly from 0 to {@code bound - 1}; the bias is below one in 2^32. */
    @Override
    public int nextInt(int bound) {
        return (int) below(bound);
    }

    @Override
    public int nextInt(int origin, int bound) {
        return (int) (origin + below((long) bound - origin));
    }

    /** Evenly from 0 to {@code bound - 1}; the bias is at most {@code bound} in 2^64. */
    @Override
    public long nextLong(long bound) {
        return below(bound);
    }

    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    private long below(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound is " + bound + ", expected more than 0");
        }
        // Lemire, "Fast Random Integer Generation in an Interval", without the step that removes the last bias.
        return Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /** Stafford's variant 13, as in the paper's implementation in the JDK. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
