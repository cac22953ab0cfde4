package dev.holdfast.engine.exchange;

/** The end of a channel that a task writes to. Used by one thread. */
public interface ChannelWriter {

    /** Takes an element, or refuses it for now because the reader is behind. Never blocks. */
    boolean offer(Element element);
}
