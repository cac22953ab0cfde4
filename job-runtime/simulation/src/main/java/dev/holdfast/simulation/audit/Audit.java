package dev.holdfast.simulation.audit;

import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the auditors of one life have found, and what they have counted. The first violation ends the life. */
public final class Audit {
    private final SimulatedWorld world;
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private @Nullable Violation violation;

    public Audit(SimulatedWorld world) {
        this.world = world;
    }

    /** Notes a violation; later ones are its consequences and are dropped. Never throws: the engine must not catch it. */
    public void fail(String invariant, String text) {
        if (violation == null) {
            violation = new Violation(invariant, text, world.nowNs());
            world.note("VIOLATION " + violation);
        }
    }

    /** Virtual time. */
    long nowNs() {
        return world.nowNs();
    }

    public Optional<Violation> violation() {
        return Optional.ofNullable(violation);
    }

    public void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** How often each thing was met. */
    public TreeMap<String, Long> counts() {
        return counts;
    }
}
