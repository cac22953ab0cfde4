package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Transport;
import java.util.function.Supplier;

/**
 * A process's side of the network. A connection is tried for again and again until the connect time-out, as TCP does where a packet is
 * lost. {@link #close} ends connections at once, on the caller's thread: the world cannot go on meanwhile.
 */
final class SimulatedTransport implements Transport {
    static final long CONNECT_TIMEOUT_NS = 5_000_000_000L;
    private static final long RETRY_NS = 1_000_000_000;
    private static final long ACCEPT_NS = 20_000;

    /** Where a process was killed, its machine is gone too once in a number of tries: nobody refuses then. */
    private static final int SILENT_EVERY = 4;

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final Endpoint listen;
    private boolean listening;
    private boolean closed;

    SimulatedTransport(SimulatedNetwork network, SimulatedProcess process, Endpoint listen) {
        this.network = network;
        this.process = process;
        this.listen = listen;
    }

    SimulatedProcess process() {
        return process;
    }

    @Override
    public Endpoint listen(Supplier<Connection.Handler> handlers) {
        if (closed || listening) {
            throw new IllegalStateException("the transport " + (closed ? "is closed" : "listens already"));
        }
        Endpoint found = network.listen(listen, new SimulatedNetwork.Listener(this, handlers));
        listening = true;
        return found;
    }

    @Override
    public Connection connect(Endpoint service, Connection.Handler handler) {
        Endpoint to = network.resolve(service);
        SimulatedConnection connection = new SimulatedConnection(network, process, to.host(), to.toString(), handler);
        network.add(connection);
        if (closed) {
            connection.close("the process closes its network");
            return connection;
        }
        process.after(
                CONNECT_TIMEOUT_NS,
                () -> connection.cannotOpen("no answer within " + CONNECT_TIMEOUT_NS / 1_000_000 + " ms"));
        if (network.isKnown(to.host())) {
            attempt(connection, to);
        } else {
            process.after(ACCEPT_NS, () -> connection.cannotOpen("the name is not known"));
        }
        return connection;
    }

    @Override
    public void close() {
        closed = true;
        network.stopListening(this);
        network.of(process).forEach(connection -> connection.endAtOnce("the process closes its network"));
    }

    private void attempt(SimulatedConnection connection, Endpoint to) {
        if (!connection.isConnecting()) {
            return;
        }
        Link forth = network.link(process.name(), to.host());
        if (!forth.partitioned) {
            network.world().after(network.world().around(forth.latencyNs), () -> atServer(connection, to));
        }
        process.after(RETRY_NS, () -> attempt(connection, to));
    }

    private void atServer(SimulatedConnection connection, Endpoint to) {
        SimulatedNetwork.Listener listener = network.listener(to);
        if (listener != null && listener.transport().process.isAlive()) {
            listener.transport().process.after(ACCEPT_NS, () -> accept(connection, listener));
        } else if (listener == null || !network.world().oneIn(SILENT_EVERY)) {
            refuse(connection, to.host());
        }
    }

    private void accept(SimulatedConnection connection, SimulatedNetwork.Listener listener) {
        SimulatedTransport server = listener.transport();
        if (server.closed) {
            refuse(connection, server.process.name());
        } else if (connection.isConnecting() && !connection.isAccepted()) {
            SimulatedConnection there = new SimulatedConnection(
                    network,
                    server.process,
                    process.name(),
                    process.name(),
                    listener.handlers().get());
            network.add(there);
            there.accept(connection);
        }
    }

    private void refuse(SimulatedConnection connection, String host) {
        Link back = network.link(host, process.name());
        if (!back.partitioned) {
            network.world()
                    .after(
                            network.world().around(back.latencyNs),
                            () -> process.after(0, () -> connection.cannotOpen("refused, nobody listens there")));
        }
    }
}
