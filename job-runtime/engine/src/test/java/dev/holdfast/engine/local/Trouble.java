package dev.holdfast.engine.local;

import dev.holdfast.engine.env.Env;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says where user code is to throw or not to return, and how often. Shared by all processes of a test. */
final class Trouble {
    private final Map<String, Integer> times = new HashMap<>();
    private Function<String, RuntimeException> kind = IllegalStateException::new;
    private final Map<String, Long> hangsMs = new HashMap<>();
    private @Nullable Env env;

    Trouble plan(String place, int howOften) {
        times.put(place, howOften);
        return this;
    }

    /** What is thrown; gets the text. */
    Trouble throwing(Function<String, RuntimeException> errors) {
        kind = errors;
        return this;
    }

    /** The next call at this place takes so long. */
    Trouble hang(String place, long forMs) {
        hangsMs.put(place, forMs);
        return this;
    }

    /** What hangs, hangs in this process. */
    Trouble within(Env process) {
        env = process;
        return this;
    }

    boolean isHangPlanned(String place) {
        return hangsMs.containsKey(place);
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
        Long hangMs = hangsMs.remove(place);
        if (hangMs != null) {
            hang(hangMs);
        }
        if (comes(place)) {
            throw error(place);
        }
    }

    RuntimeException error(String place) {
        return kind.apply("planned in " + place);
    }

    private void hang(long ms) {
        try {
            Objects.requireNonNull(env, "whose time passes").blocking().pause(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
