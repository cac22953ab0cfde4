package dev.holdfast.engine.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a task spent its time with. At any moment it is in one {@link Use}; {@link #enter} ends that and begins the next, so the
 * times of all uses together are the time since the first call. Written by the slot's thread, read by any.
 */
public final class TaskTimes {
    /** All are there from the start, so that any thread may look. */
    private final Map<Use, Count> spentNs = new EnumMap<>(Use.class);

    private Use use = Use.IDLE;
    private long sinceNs;
    private boolean started;

    /** What a task does with its time. */
    public enum Use {
        /** Its turn: it has the slot's thread. */
        BUSY,
        /** It takes no records: it waits for its own calls, such as a flush or a sink's prepare. */
        STALLED,
        /** It has more to do, and another task of the slot has the thread. */
        TURN_WAIT,
        /** A channel behind it takes no more. */
        BACK_PRESSURED,
        /** Nothing to read. */
        IDLE
    }

    TaskTimes() {
        for (Use each : Use.values()) {
            spentNs.put(each, new Count());
        }
    }

    /** The task does something else from now on. The first call only notes the time. */
    public void enter(Use next, long nowNs) {
        if (started && nowNs > sinceNs) {
            count(use).add(nowNs - sinceNs);
        }
        started = true;
        use = next;
        sinceNs = nowNs;
    }

    /** Time spent so, in nanoseconds; without what is under way. From any thread. */
    public long spentNs(Use of) {
        return count(of).value();
    }

    private Count count(Use of) {
        return Objects.requireNonNull(spentNs.get(of));
    }
}
