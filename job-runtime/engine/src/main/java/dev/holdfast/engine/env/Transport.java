package dev.holdfast.engine.env;

import java.util.function.Supplier;

/**
 * Connections between the processes of a job. Who cannot prove to belong to the job (certificate or token) gets nothing but a
 * closed connection, and its handler never hears of it.
 */
public interface Transport extends AutoCloseable {

    /**
     * Takes connections from now on. Called at most once.
     *
     * @param handlers makes the handler of each accepted connection, after the peer has proved who it is
     * @return where others reach this process; with the port that was found if 0 was configured
     * @throws dev.holdfast.api.HoldfastException HF-NET-001 if the address cannot be listened at: the text names it and the cause
     */
    Endpoint listen(Supplier<Connection.Handler> handlers);

    /**
     * Opens a connection. Returns at once; the handler hears {@code opened} or {@code closed} within the connect time-out. If the
     * transport is closed, it hears {@code closed}, maybe on the caller's thread.
     */
    Connection connect(Endpoint to, Connection.Handler handler);

    /**
     * Closes all connections and stops to listen; blocks until all handlers have heard {@code closed} and no thread of the transport is
     * left, for some seconds at most. A handler may call it; then its own thread ends a moment later.
     */
    @Override
    void close();
}
