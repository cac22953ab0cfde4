package dev.holdfast.engine.exchange;

import java.util.Optional;

/** The end of a channel that a task writes to. Used by one thread. */
public interface ChannelWriter {

    /** Takes an element, or refuses it for now because the reader is behind. Never blocks. */
    boolean offer(Element element);

    /** Name of the worker that the reader runs in, if that is another one; from any thread. */
    default Optional<String> otherWorker() {
        return Optional.empty();
    }

    /** Bytes sent to that worker; from any thread. */
    default long sentBytes() {
        return 0;
    }
}
