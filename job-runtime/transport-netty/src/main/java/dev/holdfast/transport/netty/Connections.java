package dev.holdfast.transport.netty;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** All connections of a transport, and how many there may be. Any thread. */
final class Connections implements NettyConnection.Owner {
    private final NetworkSettings.Limits limits;
    private final Set<NettyConnection> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unproved = new AtomicInteger();

    Connections(NetworkSettings.Limits limits) {
        this.limits = limits;
    }

    /** Adds one that this process opens; whether it may be is for {@link #requireRoom}. */
    void addOpened(NettyConnection connection) {
        all.add(connection);
    }

    /** Adds one that was accepted. */
    void addAccepted(NettyConnection connection) {
        unproved.incrementAndGet();
        all.add(connection);
    }

    /** Throws if there are more than are allowed, the asking one included. */
    void requireRoom(boolean accepted) throws PeerException {
        if (all.size() > limits.maxConnections()) {
            throw tooMany(limits.maxConnections(), "connections");
        }
        if (accepted && unproved.get() > limits.maxUnproved()) {
            throw tooMany(limits.maxUnproved(), "connections whose peers have not proved who they are");
        }
    }

    @Override
    public void proved(NettyConnection connection) {
        if (connection.isAccepted()) {
            unproved.decrementAndGet();
        }
    }

    @Override
    public void ended(NettyConnection connection, boolean proved) {
        if (connection.isAccepted() && !proved) {
            unproved.decrementAndGet();
        }
        all.remove(connection);
        if (all.isEmpty()) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    void forEach(Consumer<NettyConnection> action) {
        all.forEach(action);
    }

    int size() {
        return all.size();
    }

    /** Waits until all have ended; false if the time is over before. */
    synchronized boolean awaitNone(long timeoutMs) throws InterruptedException {
        long endNs = System.nanoTime() + timeoutMs * 1_000_000;
        while (!all.isEmpty()) {
            long leftMs = (endNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    private static PeerException tooMany(int limit, String what) {
        return new PeerException(PeerException.TOO_MANY, "closed, since there are " + limit + " " + what + " already");
    }
}
