package dev.holdfast.simulation.fault;

import dev.holdfast.engine.env.Randomness;
import java.util.List;

/** One of several, by chance. */
final class Choice {
    private Choice() {}

    static <T> T of(Randomness random, T[] values) {
        return List.of(values).get(random.nextInt(values.length));
    }
}
