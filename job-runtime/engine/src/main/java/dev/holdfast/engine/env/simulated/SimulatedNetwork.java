package dev.holdfast.engine.env.simulated;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The network between the processes of a world. A process is reached under its name. Latencies come from the world's seed.
 *
 * <p>Connections are like TCP: a frame arrives whole, in the order in which it was written, or the connection closes. Frames of
 * different connections overtake each other. A partition holds what goes in its direction, also the news of a close, until it is healed
 * or the connection is cut. What a killed process had written arrives or does not, by chance; then the peer hears that it is
 * closed. A frozen process leaves all unread until it wakes up; its peers can write a window full, as to a kernel.
 */
public final class SimulatedNetwork {
    /** Which way a fault goes. */
    public enum Direction {
        /** From the first process to the second. */
        FORTH,
        /** From the second to the first. */
        BACK,
        BOTH
    }

    private static final int FIRST_FREE_PORT = 30_000;

    private final SimulatedWorld world;
    private final Map<String, Link> links = new HashMap<>();
    private final Map<Endpoint, Listener> listeners = new HashMap<>();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> services = new HashMap<>();
    private int nextPort = FIRST_FREE_PORT;
    private Watcher watcher = (from, to, lane, frame) -> {};

    /** Sees frames. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * A process sends a frame.
         *
         * @param from name of the process
         * @param to name of the process that the connection goes to
         */
        void sent(String from, String to, Connection.Lane lane, byte[] frame);
    }

    /** Who takes connections at an endpoint. */
    record Listener(SimulatedTransport transport, Supplier<Connection.Handler> handlers) {}

    public SimulatedNetwork(SimulatedWorld world) {
        this.world = world;
    }

    /** The transport of a process; it listens at a port that nobody else has. */
    public Transport transport(SimulatedProcess process) {
        return transport(process, new Endpoint(process.name(), 0));
    }

    /**
     * The transport of a process that listens at an endpoint.
     *
     * @param listen the process's name and a port; 0 for a free one
     */
    public Transport transport(SimulatedProcess process, Endpoint listen) {
        names.add(process.name());
        SimulatedTransport transport = new SimulatedTransport(this, process, listen);
        process.whenKilled(() -> of(process).forEach(SimulatedConnection::processKilled));
        return transport;
    }

    /** Sets who sees all frames, when they are sent; it must not change anything. */
    public void watch(Watcher newWatcher) {
        watcher = newWatcher;
    }

    Watcher watcher() {
        return watcher;
    }

    /** Lets a name that is no process's stand for one, as a service does; a later call moves it. */
    public void service(String name, SimulatedProcess process) {
        services.put(name, process.name());
    }

    /** The process's own endpoint behind that of a service. */
    Endpoint resolve(Endpoint endpoint) {
        String process = services.get(endpoint.host());
        return process == null ? endpoint : new Endpoint(process, endpoint.port());
    }

    /** Breaks all connections between two processes. New ones can be opened. */
    public void cut(String a, String b) {
        world.note("network: cut between " + a + " and " + b);
        for (SimulatedConnection connection : between(a, b)) {
            connection.cut();
        }
    }

    /** What goes in this direction does not arrive any more. */
    public void partition(String a, String b, Direction direction) {
        world.note("network: partition between " + a + " and " + b + ", " + direction);
        forEach(a, b, direction, link -> link.partitioned = true);
    }

    /** Ends partition, slowness and delay between two processes. What was held arrives. */
    public void heal(String a, String b) {
        world.note("network: healed between " + a + " and " + b);
        forEach(a, b, Direction.BOTH, Link::heal);
    }

    /** Limits what goes between two processes, in each direction and for each connection. */
    public void slow(String a, String b, long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytes per second must be positive, found " + bytesPerSecond);
        }
        world.note("network: " + bytesPerSecond + " bytes/s between " + a + " and " + b);
        forEach(a, b, Direction.BOTH, link -> link.bytesPerSecond = bytesPerSecond);
    }

    /** Sets the typical time from one process to the other, in one direction. */
    public void delay(String a, String b, long typicalNs) {
        if (typicalNs < 1) {
            throw new IllegalArgumentException("a delay must be positive, found " + typicalNs);
        }
        world.note("network: " + typicalNs + " ns between " + a + " and " + b);
        forEach(a, b, Direction.BOTH, link -> link.latencyNs = typicalNs);
    }

    SimulatedWorld world() {
        return world;
    }

    Link link(String from, String to) {
        return links.computeIfAbsent(from + " > " + to, name -> new Link());
    }

    Endpoint listen(Endpoint at, Listener listener) {
        Endpoint found = at.port() == 0 ? new Endpoint(at.host(), nextPort++) : at;
        Listener other = listeners.get(found);
        if (other != null && other.transport.process().isAlive()) {
            throw new HoldfastException(
                    "HF-NET-001",
                    "cannot take connections at " + found + ": the address is in use. Choose a free port");
        }
        listeners.put(found, listener);
        return found;
    }

    void stopListening(SimulatedTransport transport) {
        listeners.values().removeIf(listener -> listener.transport == transport);
    }

    /** Null if nobody listens there; the process may be dead. */
    @Nullable Listener listener(Endpoint at) {
        return listeners.get(at);
    }

    boolean isKnown(String name) {
        return names.contains(name);
    }

    void add(SimulatedConnection connection) {
        connections.add(connection);
    }

    void remove(SimulatedConnection connection) {
        connections.remove(connection);
    }

    List<SimulatedConnection> of(SimulatedProcess process) {
        return connections.stream().filter(c -> c.process() == process).toList();
    }

    private List<SimulatedConnection> between(String a, String b) {
        return connections.stream().filter(c -> c.isBetween(a, b)).toList();
    }

    private void forEach(String a, String b, Direction direction, Consumer<Link> change) {
        if (direction != Direction.BACK) {
            change.accept(link(a, b));
        }
        if (direction != Direction.FORTH) {
            change.accept(link(b, a));
        }
    }
}
