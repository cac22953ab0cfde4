package dev.holdfast.engine.worker;

/**
 * Why a worker has ended.
 *
 * @param text in words; for {@link Cause#OTHER_PROGRAM} the first difference
 */
public record WorkerEnd(Cause cause, String text) {

    /** Who wanted it. */
    public enum Cause {
        /** The job has ended: the coordinator said so, or its log does. */
        JOB_ENDED,
        /** {@link WorkerProcess#end} was called. */
        TOLD,
        /** It runs another program than its coordinator, or cannot run it: it can get no work, now or later. */
        OTHER_PROGRAM
    }
}
