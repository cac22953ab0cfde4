package dev.holdfast.simulation.run;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The sum of many lives. Any thread may add. */
public final class Tally {
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private final List<Verdict> violations = new ArrayList<>();
    private long lives;
    private long simulatedNs;
    private long events;

    /** Adds a life; the trace is kept only of one that failed. */
    public synchronized void add(Verdict verdict) {
        lives++;
        simulatedNs += verdict.simulatedNs();
        events += verdict.events();
        verdict.counts().forEach((what, times) -> counts.merge(what, times, Long::sum));
        if (verdict.violation().isPresent()) {
            violations.add(verdict);
        }
    }

    public synchronized long lives() {
        return lives;
    }

    public synchronized double simulatedHours() {
        return simulatedNs / 3.6e12;
    }

    public synchronized long events() {
        return events;
    }

    /** How often each thing was met in all lives. */
    public synchronized TreeMap<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    public synchronized List<Verdict> violations() {
        return List.copyOf(violations);
    }
}
