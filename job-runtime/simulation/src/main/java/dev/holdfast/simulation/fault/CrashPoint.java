package dev.holdfast.simulation.fault;

/**
 * Moments of the commit protocol at which a failure is worst. A world sees them from outside: by objects that are written, messages
 * that are sent, and calls of the sink.
 */
public enum CrashPoint {
    /** The order for a checkpoint is on its way. */
    BEFORE_BARRIER,
    /** A sink is about to make durable what it has written. */
    BEFORE_PREPARE,
    /** A sink has made it durable; nobody knows yet. */
    AFTER_PREPARE,
    /** A worker is about to write its part of a checkpoint. */
    BEFORE_PACK,
    /** All workers have acknowledged; the manifest is about to be written. */
    BEFORE_MANIFEST,
    /** The manifest is there, the log slot is not. */
    AFTER_MANIFEST,
    /** The log slot of a checkpoint is there; nothing is committed. */
    AFTER_SLOT,
    /** The first task has committed. */
    HALF_COMMITTED,
    /** All tasks have committed; the marker is about to be written. */
    BEFORE_MARKER,
    /** The marker is there. */
    AFTER_MARKER,
    /** Objects are about to be deleted. */
    COLLECTING,
    /** Objects were deleted, more will follow. */
    COLLECTED,
    /** A coordinator has begun; what was decided is not committed again yet. */
    AFTER_BEGIN,
    /** The tasks of a new attempt are about to start. */
    RESTORED
}
