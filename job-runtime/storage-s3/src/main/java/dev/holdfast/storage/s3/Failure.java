package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.StoreException;

/**
 * What one try ran into.
 *
 * @param kind what it is for the engine
 * @param text what happened and what the user can do, to stand after "cannot write 'key' in s3://bucket: "
 * @param retry whether the same request may succeed a moment later
 * @param mayHaveHappened whether the server may have done what it was asked, or may still do it
 */
record Failure(StoreException.Kind kind, String text, boolean retry, boolean mayHaveHappened) {

    /** The server refuses, and will refuse again. */
    static Failure refused(StoreException.Kind kind, String text) {
        return new Failure(kind, text, false, false);
    }

    /** The request did not get to be done; the next one may. */
    static Failure notDone(StoreException.Kind kind, String text) {
        return new Failure(kind, text, true, false);
    }

    /** Nobody can tell whether it was done. */
    static Failure unanswered(StoreException.Kind kind, String text) {
        return new Failure(kind, text, true, true);
    }
}
