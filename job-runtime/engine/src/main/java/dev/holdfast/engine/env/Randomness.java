package dev.holdfast.engine.env;

/** Chance. Callable from any thread. */
public interface Randomness {

    long nextLong();

    /** Uniform in [0, bound). */
    int nextInt(int bound);

    /** Uniform in [0, 1). */
    default double nextChance() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** A name that no other call in any process ever returns: 20 lower-case letters and digits. */
    default String uniqueName() {
        StringBuilder name = new StringBuilder(20);
        for (int i = 0; i < 2; i++) {
            long bits = nextLong();
            for (int j = 0; j < 10; j++) {
                name.append(Character.forDigit((int) (bits & 31), 32));
                bits >>>= 6;
            }
        }
        return name.toString();
    }
}
