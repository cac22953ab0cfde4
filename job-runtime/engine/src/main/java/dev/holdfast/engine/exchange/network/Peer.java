package dev.holdfast.engine.exchange.network;

import dev.holdfast.engine.env.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Another worker, as this one sees it in one attempt: the way to send frames to it. Without a connection frames are dropped: then
 * the attempt is lost, and its end is on the way.
 */
final class Peer {
    private final String name;
    private volatile @Nullable Connection connection;

    Peer(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void connect(Connection opened) {
        connection = opened;
    }

    void send(Connection.Lane lane, byte[] frame, int length) {
        Connection open = connection;
        if (open != null) {
            open.send(lane, frame, length);
        }
    }
}
