package dev.holdfast.engine.env;

/** The body of a thread that owns its data: a slot, a coordinator, a worker. */
@FunctionalInterface
public interface Loop {

    /**
     * Does a bounded amount of work (about a millisecond at most) and never blocks. Called again and again by the one thread
     * that owns the loop; what the mailbox holds is run before each call, by the same thread. An exception ends the loop and
     * is a broken invariant: a loop handles what it can expect.
     *
     * @param nowNs {@link Clock#nowNs} at the beginning of the call
     */
    Progress step(long nowNs);

    /** What a step did. */
    enum Progress {
        /** Something was done: call again at once. */
        BUSY,
        /** Nothing could be done: call again when the mailbox has something, or in about a millisecond. */
        IDLE,
        /** The loop has ended; not to be called again. */
        ENDED
    }
}
