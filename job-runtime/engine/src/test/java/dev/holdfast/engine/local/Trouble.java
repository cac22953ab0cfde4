package dev.holdfast.engine.local;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Says where user code is to throw, and how often. Shared by all processes of a test. */
final class Trouble {
    private final Map<String, Integer> times = new HashMap<>();
    private Function<String, RuntimeException> kind = IllegalStateException::new;

    Trouble plan(String place, int howOften) {
        times.put(place, howOften);
        return this;
    }

    /** What is thrown; gets the text. */
    Trouble throwing(Function<String, RuntimeException> errors) {
        kind = errors;
        return this;
    }

    boolean isPlanned(String place) {
        return times.getOrDefault(place, 0) > 0;
    }

    /** True as often as was planned for this place. */
    boolean comes(String place) {
        if (!isPlanned(place)) {
            return false;
        }
        times.merge(place, -1, Integer::sum);
        return true;
    }

    void at(String place) {
        if (comes(place)) {
            throw error(place);
        }
    }

    RuntimeException error(String place) {
        return kind.apply("planned in " + place);
    }
}
