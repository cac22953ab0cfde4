package dev.holdfast.simulation.audit;

import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.simulation.fault.CrashPoint;
import dev.holdfast.simulation.fault.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What lives should meet: every phase and transition, every crash point, every kind of fault, every record of the log. */
public final class Coverage {
    private static final String TRIED_LONGER =
            "an append to the log is tried for many minutes before the coordinator gives up (HangTest, WaitsTest); faults last less";

    /** What is in a table and cannot happen in a simulated life, with the reason. */
    public static final Map<String, String> CANNOT = Map.of(
            "phase RESTARTING > STARTING",
            "only with checkpoint.restore-older-when-damaged, and lives have no damage in the bucket (DamagedCheckpointTest)",
            "phase STOPPING > FAILED",
            "restarts never give up; what fails for good does so in the crash matrix, where output is lost",
            "phase STARTING > FENCED",
            "a coordinator that has not begun has nothing that could be taken over",
            "phase STARTING > INTERRUPTED",
            "a start that cannot tell what is in the log ends as FAILED, and the next start looks again",
            "phase WAITING > INTERRUPTED",
            TRIED_LONGER,
            "phase DEPLOYING > INTERRUPTED",
            TRIED_LONGER,
            "phase RUNNING > INTERRUPTED",
            TRIED_LONGER,
            "phase RESTARTING > INTERRUPTED",
            TRIED_LONGER,
            "phase STOPPING > INTERRUPTED",
            TRIED_LONGER);

    private Coverage() {}

    /** Everything that should be met. */
    public static List<String> expected() {
        List<String> all = new ArrayList<>();
        for (CrashPoint point : CrashPoint.values()) {
            all.add("point " + point);
        }
        Arrays.stream(Fault.class.getPermittedSubclasses()).forEach(fault -> all.add("fault " + fault.getSimpleName()));
        for (Phase before : Phase.values()) {
            PhaseAudit.TABLE
                    .getOrDefault(before, Set.of())
                    .forEach(after -> all.add("phase " + before + " > " + after));
        }
        List.of("Begin", "Completed", "Savepoint", "Collected", "End").forEach(record -> all.add("log " + record));
        return all;
    }

    /** What should have been met, can be, and was not. */
    public static List<String> neverMet(Collection<String> met) {
        return expected().stream()
                .filter(what -> !met.contains(what) && !CANNOT.containsKey(what))
                .toList();
    }
}
