package dev.holdfast.simulation.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reduces a failing schedule to few faults that still fail (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
 * Input", 2002).
 *
 * <ol>
 *   <li>Parts of the list are taken away: halves, then quarters, down to single faults. What still fails is gone on with.
 *   <li>No single fault can be taken away any more: the list is minimal in that sense.
 * </ol>
 */
public final class Shrinker {
    /** Each try is a whole life. */
    private static final int MOST_TRIES = 400;

    private final Predicate<Schedule> fails;
    private int tries;

    /** @param fails whether a schedule fails in the way that is looked for */
    public Shrinker(Predicate<Schedule> fails) {
        this.fails = fails;
    }

    /** How many lives it took so far. */
    public int tries() {
        return tries;
    }

    /** The shortest schedule that was found; the given one if nothing can be taken away. */
    public Schedule shrink(Schedule failing) {
        Schedule best = failing;
        int parts = 2;
        while (!best.faults().isEmpty() && tries < MOST_TRIES) {
            Schedule shorter = withoutAPart(best, Math.min(parts, best.faults().size()));
            if (shorter.faults().size() < best.faults().size()) {
                best = shorter;
                parts = Math.max(2, parts - 1);
            } else if (parts >= best.faults().size()) {
                break;
            } else {
                parts = 2 * parts;
            }
        }
        return best;
    }

    private Schedule withoutAPart(Schedule schedule, int parts) {
        int size = schedule.faults().size();
        for (int i = 0; i < parts && tries < MOST_TRIES; i++) {
            int from = i * size / parts;
            int to = (i + 1) * size / parts;
            List<PlannedFault> rest = new ArrayList<>(schedule.faults());
            rest.subList(from, to).clear();
            Schedule shorter = schedule.with(rest);
            tries++;
            if (fails.test(shorter)) {
                return shorter;
            }
        }
        return schedule;
    }
}
