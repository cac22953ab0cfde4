package dev.holdfast.api.connector;

import dev.holdfast.api.OperatorContext;

/** What a reader may use, besides what every operator knows. */
public interface ReaderContext extends OperatorContext {

    /** Asks the enumerator for a split. Every reader is asked for once by itself when it starts without one. */
    void requestSplit();

    /** For whatever may block. */
    Background background();

    /** Monotonic time in nanoseconds, for rate limits. Never the machine's clock: tests run on virtual time. */
    long nowNs();
}
