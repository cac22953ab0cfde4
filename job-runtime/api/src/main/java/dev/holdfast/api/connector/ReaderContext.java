package dev.holdfast.api.connector;

import dev.holdfast.api.OperatorContext;

/** What a reader may use, besides what every operator knows. */
public interface ReaderContext extends OperatorContext {

    /** Asks the enumerator for a split. At its start each reader asks once without doing anything. */
    void requestSplit();

    /** For whatever may block. */
    Background background();

    /** Monotonic time in nanoseconds, for rate limits. Never the machine's clock: tests run on virtual time. */
    long nowNs();
}
