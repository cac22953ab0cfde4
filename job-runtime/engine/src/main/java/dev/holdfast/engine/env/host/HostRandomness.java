package dev.holdfast.engine.env.host;

import dev.holdfast.engine.env.Randomness;
import java.security.SecureRandom;

/** The machine's source of chance; strong enough for names that must be unique over all processes. */
public final class HostRandomness implements Randomness {
    private final SecureRandom random = new SecureRandom();

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
