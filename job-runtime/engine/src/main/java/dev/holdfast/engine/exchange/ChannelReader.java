package dev.holdfast.engine.exchange;

import org.jspecify.annotations.Nullable;

/** The end of a channel that a task reads from. Used by one thread. */
public interface ChannelReader {

    /** The next element, or null if there is none now. Never blocks. */
    @Nullable Element poll();

    /** How full the channel is, 0 to 1; from any thread, a moment old. */
    default double fill() {
        return 0;
    }

    /** Bytes that came from another worker; from any thread. */
    default long receivedBytes() {
        return 0;
    }
}
