package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;

/**
 * Another coordinator took over: this one must stop at once, and must not commit, abort, append or delete. Whether its last
 * append counts is for the new one to say, which has read the log.
 */
public final class FencedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    FencedException(String message) {
        super(CheckpointErrors.FENCED, message);
    }
}
