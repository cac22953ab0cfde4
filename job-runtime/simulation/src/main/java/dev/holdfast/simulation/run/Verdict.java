package dev.holdfast.simulation.run;

import dev.holdfast.simulation.audit.Violation;
import dev.holdfast.simulation.fault.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came of one life.
 *
 * @param violation what must not be and was
 * @param counts how often each thing was met
 * @param simulatedNs how long it was in virtual time
 * @param events of the world
 * @param trace all that happened, a line each
 */
public record Verdict(
        Schedule schedule,
        Optional<Violation> violation,
        TreeMap<String, Long> counts,
        long simulatedNs,
        long events,
        List<String> trace) {}
