package dev.holdfast.simulation.world;

import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.simulation.audit.Audit;
import dev.holdfast.simulation.fault.CrashPoint;
import java.util.EnumMap;
import java.util.Map;

/** Counts crash points as they are reached, and tells who waits for one. */
final class Points {
    /** Long enough that a process which is frozen at a point stops there, and too short to matter. */
    private static final long MOMENT_NS = 1_000;

    private final Audit audit;
    private final Map<CrashPoint, Integer> reached = new EnumMap<>(CrashPoint.class);
    private Waiting waiting = (point, nth, process) -> {};

    /** Who waits for points. */
    @FunctionalInterface
    interface Waiting {
        void reached(CrashPoint point, int nth, SimulatedProcess process);
    }

    Points(Audit audit) {
        this.audit = audit;
    }

    void listen(Waiting listener) {
        waiting = listener;
    }

    /** A process is at a point, within a blocking call: it may be killed here, or stand still. */
    void reached(CrashPoint point, SimulatedProcess process) {
        audit.count("point " + point);
        waiting.reached(point, reached.merge(point, 1, Integer::sum), process);
        if (process.isFrozen()) {
            process.await(MOMENT_NS);
        }
    }
}
