package dev.holdfast.engine.metrics;

/**
 * What a task spent its time with. At any moment it is in one {@link Use}; {@link #enter} ends that and begins the next, so the
 * times of all uses together are the time since the first call. Written by the slot's thread, read by any.
 */
public final class TaskTimes {
    private static final Use[] USES = Use.values();

    private final Count[] spentNs = new Count[USES.length];
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
        for (int i = 0; i < spentNs.length; i++) {
            spentNs[i] = new Count();
        }
    }

    /** The task does something else from now on. The first call only notes the time. */
    public void enter(Use next, long nowNs) {
        if (started && nowNs > sinceNs) {
            spentNs[use.ordinal()].add(nowNs - sinceNs);
        }
        started = true;
        use = next;
        sinceNs = nowNs;
    }

    /** Time spent so, in nanoseconds; without what is under way. From any thread. */
    public long spentNs(Use of) {
        return spentNs[of.ordinal()].value();
    }
}
