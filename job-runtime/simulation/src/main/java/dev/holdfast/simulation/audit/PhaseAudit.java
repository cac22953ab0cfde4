package dev.holdfast.simulation.audit;

import static dev.holdfast.engine.coordinator.JobStatus.Phase.CANCELED;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.DEPLOYING;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.FAILED;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.FENCED;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.FINISHED;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.INTERRUPTED;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.RESTARTING;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.RUNNING;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.STARTING;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.STOPPING;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.SUSPENDED;
import static dev.holdfast.engine.coordinator.JobStatus.Phase.WAITING;

import dev.holdfast.engine.coordinator.JobStatus.Phase;
import java.util.Map;
import java.util.Set;

/** The phases of each coordinator follow the table of its state machine. */
public final class PhaseAudit {
    /** As the javadoc of the coordinator lists them. */
    public static final Map<Phase, Set<Phase>> TABLE = Map.ofEntries(
            Map.entry(STARTING, Set.of(WAITING, FINISHED, FAILED, CANCELED, FENCED, INTERRUPTED)),
            Map.entry(WAITING, Set.of(DEPLOYING, STOPPING, FENCED, INTERRUPTED)),
            Map.entry(DEPLOYING, Set.of(RUNNING, RESTARTING, STOPPING, FENCED, INTERRUPTED)),
            Map.entry(RUNNING, Set.of(STOPPING, RESTARTING, FENCED, INTERRUPTED)),
            Map.entry(RESTARTING, Set.of(WAITING, STARTING, STOPPING, FENCED, INTERRUPTED)),
            Map.entry(STOPPING, Set.of(FINISHED, CANCELED, SUSPENDED, FAILED, FENCED, INTERRUPTED)),
            Map.entry(FINISHED, Set.of()),
            Map.entry(CANCELED, Set.of()),
            Map.entry(SUSPENDED, Set.of()),
            Map.entry(FAILED, Set.of()),
            Map.entry(FENCED, Set.of()),
            Map.entry(INTERRUPTED, Set.of()));

    private final Audit audit;

    public PhaseAudit(Audit audit) {
        this.audit = audit;
    }

    /** A coordinator publishes a phase. */
    public void published(String coordinator, Phase before, Phase now) {
        if (before == now) {
            return;
        }
        audit.count("phase " + before + " > " + now);
        if (!isAllowed(before, now)) {
            audit.fail("states", coordinator + " went from " + before + " to " + now + ", which no table allows");
        }
    }

    /** Where enough slots wait already, WAITING is over before anybody is told of it. */
    private static boolean isAllowed(Phase before, Phase now) {
        Set<Phase> next = TABLE.getOrDefault(before, Set.of());
        return next.contains(now)
                || (next.contains(WAITING)
                        && TABLE.getOrDefault(WAITING, Set.of()).contains(now));
    }
}
