package dev.holdfast.engine.exchange;

import org.jspecify.annotations.Nullable;

/** The end of a channel that a task reads from. Used by one thread. */
public interface ChannelReader {

    /** The next element, or null if there is none now. Never blocks. */
    @Nullable Element poll();
}
