package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;

/**
 * Another coordinator took over: this one must stop at once, and must not commit, append or delete. What it last tried to
 * append did not happen.
 */
public final class FencedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    FencedException(String message) {
        super(CheckpointErrors.FENCED, message);
    }
}
