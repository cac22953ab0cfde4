package dev.holdfast.simulation.bugs;

import dev.holdfast.simulation.fault.Schedule;
import dev.holdfast.simulation.run.Life;
import dev.holdfast.simulation.run.Verdict;
import java.util.logging.LogManager;

/** Looks for a seed that fails. Loaded anew with each bug, so it speaks to the test in types of the JDK only. */
public final class Hunt {
    private Hunt() {}

    /** The number of seeds it took, and the violation; empty if none of them fails. */
    public static String find(long firstSeed, int most) {
        LogManager.getLogManager().reset();
        for (int i = 0; i < most; i++) {
            Verdict verdict = Life.live(Schedule.of(firstSeed + i));
            if (verdict.violation().isPresent()) {
                return (i + 1) + " seeds: " + verdict.violation().get();
            }
        }
        return "";
    }
}
