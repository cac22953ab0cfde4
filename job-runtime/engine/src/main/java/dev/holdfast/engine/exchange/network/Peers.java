package dev.holdfast.engine.exchange.network;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.env.Transport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One connection to each other worker of the job, kept from attempt to attempt.
 *
 * <ol>
 *   <li>{@link #begin} names the workers of an attempt. To each with a greater incarnation this side opens a connection, the others
 *       open theirs to this side; so each pair has one.
 *   <li>Both sides greet. Who finds another process than it looked for closes the connection.
 *   <li>When all are there, {@link Events#connected} tells the attempt; after {@link #CONNECT_MS} {@link Events#failed} does.
 *   <li>A connection that closes while its worker takes part in the attempt fails the attempt at once: what was under way is lost.
 *       The next attempt connects anew.
 * </ol>
 *
 * All methods are called on the worker's thread. Frames of records do not pass it: they go from the transport's threads to the
 * channels.
 */
public final class Peers {
    private static final System.Logger LOG = System.getLogger(Peers.class.getName());

    /** Pods find each other within some seconds of their start, as long as names and routes take to settle. */
    private static final long CONNECT_MS = 10_000;

    /** Between two tries to reach one that refuses. */
    private static final long RETRY_MS = 100;

    private final Transport transport;
    private final Clock clock;
    private final BlockingCalls calls;
    private final Mailbox mailbox;
    private final Greeting self;
    private final Events events;
    private final Map<Long, Connection> open = new HashMap<>();
    private final Set<Long> missing = new HashSet<>();
    private volatile @Nullable Exchange exchange;
    private Map<Long, PeerAddress> addresses = Map.of();
    private String lastReason = "";

    /** What an attempt hears of its peers; on the worker's thread. */
    public interface Events {
        /** Connections to all workers of the attempt are there. */
        void connected(long attempt);

        /** A connection could not be made, or is lost: the attempt cannot go on. */
        void failed(long attempt, String text);
    }

    /**
     * Makes one.
     *
     * @param job root of the job, that no other job's workers are let in
     * @param self this worker; its endpoint is not looked at
     */
    public Peers(
            Transport transport,
            Clock clock,
            BlockingCalls calls,
            Mailbox mailbox,
            String job,
            PeerAddress self,
            Events events) {
        this.transport = transport;
        this.clock = clock;
        this.calls = calls;
        this.mailbox = mailbox;
        this.self = new Greeting(job, self.name(), self.incarnation());
        this.events = events;
    }

    /** Handler of a connection that another worker has opened; callable from any thread. */
    public Connection.Handler accepted() {
        return new Link(null);
    }

    /** A new attempt with these workers, without this one. {@link Events#connected} follows, at once if none is missing. */
    public Exchange begin(long attempt, List<PeerAddress> workers) {
        addresses = workers.stream().collect(Collectors.toMap(PeerAddress::incarnation, Function.identity()));
        open.keySet().stream()
                .filter(incarnation -> !addresses.containsKey(incarnation))
                .toList()
                .forEach(gone -> close(gone, "it takes no part in attempt " + attempt));
        Map<Long, Peer> peers = new HashMap<>();
        addresses.values().forEach(address -> peers.put(address.incarnation(), new Peer(address.name())));
        Exchange begun = new Exchange(attempt, clock, peers);
        exchange = begun;
        missing.clear();
        missing.addAll(addresses.keySet());
        open.forEach(this::use);
        missing.stream()
                .map(addresses::get)
                .filter(address -> address != null && address.incarnation() > self.incarnation())
                .toList()
                .forEach(this::dial);
        if (missing.isEmpty()) {
            mailbox.post(() -> connectedIfComplete(begun));
        } else {
            calls.schedule(CONNECT_MS, mailbox, () -> overdue(begun));
        }
        return begun;
    }

    /** The attempt is over: what comes of it is dropped from now on. Connections stay. */
    public void end(long attempt) {
        Exchange present = exchange;
        if (present != null && present.attempt() == attempt) {
            exchange = null;
            missing.clear();
        }
    }

    /** Closes all connections. */
    public void close(String reason) {
        exchange = null;
        missing.clear();
        List.copyOf(open.keySet()).forEach(incarnation -> close(incarnation, reason));
    }

    private void close(long incarnation, String reason) {
        Connection connection = open.remove(incarnation);
        if (connection != null) {
            connection.close(reason);
        }
    }

    private void dial(PeerAddress address) {
        transport.connect(address.endpoint(), new Link(address));
    }

    /** A worker has greeted. */
    private void greeted(Greeting greeting, Connection connection, Link link) {
        Connection before = open.put(greeting.incarnation(), connection);
        if (before != null && !before.equals(connection)) {
            before.close("worker " + greeting.name() + " has opened a newer one");
        }
        link.accept(greeting);
        use(greeting.incarnation(), connection);
        Exchange present = exchange;
        if (present != null) {
            connectedIfComplete(present);
        }
    }

    private void use(long incarnation, Connection connection) {
        Exchange present = exchange;
        Peer peer = present == null ? null : present.peers().get(incarnation);
        if (peer != null) {
            peer.connect(connection);
            missing.remove(incarnation);
        }
    }

    private void connectedIfComplete(Exchange begun) {
        if (exchange == begun && missing.isEmpty() && !begun.isConnected()) {
            begun.connected();
            events.connected(begun.attempt());
        }
    }

    private void overdue(Exchange begun) {
        if (exchange == begun && !missing.isEmpty()) {
            String names = missing.stream()
                    .map(incarnation -> describe(incarnation))
                    .sorted()
                    .collect(Collectors.joining(", "));
            fail(begun, "no connection to " + names + " within " + CONNECT_MS + " ms" + lastReason);
        }
    }

    private void lost(long incarnation, Connection connection, String reason) {
        if (!open.remove(incarnation, connection)) {
            return;
        }
        Exchange present = exchange;
        if (present != null && present.peers().containsKey(incarnation)) {
            fail(present, "the connection to " + describe(incarnation) + " is lost: " + reason);
        }
    }

    /** A dialed worker could not be reached. */
    private void unreached(PeerAddress address, String reason) {
        lastReason = "; last: " + address.name() + " at " + address.endpoint() + ": " + reason;
        Exchange begun = exchange;
        if (begun != null && missing.contains(address.incarnation())) {
            calls.schedule(RETRY_MS, mailbox, () -> {
                if (exchange == begun && missing.contains(address.incarnation())) {
                    dial(address);
                }
            });
        }
    }

    private void fail(Exchange failing, String text) {
        if (exchange == failing) {
            exchange = null;
            missing.clear();
            events.failed(failing.attempt(), text);
        }
    }

    private String describe(long incarnation) {
        PeerAddress address = addresses.get(incarnation);
        return address == null ? "an unknown worker" : "worker " + address.name() + " at " + address.endpoint();
    }

    /**
     * One connection. NEW becomes GREETED when the other side's greeting has come, and CLOSED. Called by the transport, but for
     * {@link #accept}; what concerns more than frames goes to the worker's thread.
     */
    private final class Link implements Connection.Handler {
        private final @Nullable PeerAddress dialed;
        private volatile @Nullable Greeting other;
        private boolean greeted;

        /** @param dialed whom this side looks for, null if the other side opened the connection */
        Link(@Nullable PeerAddress dialed) {
            this.dialed = dialed;
        }

        @Override
        public void opened(Connection connection) {
            if (dialed != null) {
                greet(connection);
            }
        }

        private void greet(Connection connection) {
            byte[] frame = self.encode();
            connection.send(Connection.Lane.CONTROL, frame, frame.length);
        }

        @Override
        public void received(Connection connection, Connection.Lane lane, byte[] frame) {
            if (greeted) {
                Exchange present = exchange;
                if (present != null) {
                    present.received(frame);
                }
                return;
            }
            Greeting greeting = Greeting.decode(frame);
            greeted = true;
            String refusal = refusal(greeting);
            if (refusal != null) {
                LOG.log(System.Logger.Level.WARNING, "connection with {0} refused: {1}", connection.peer(), refusal);
                connection.close(refusal);
                return;
            }
            if (dialed == null) {
                greet(connection);
            }
            mailbox.post(() -> greeted(greeting, connection, this));
        }

        private @Nullable String refusal(Greeting greeting) {
            if (!greeting.job().equals(self.job())) {
                return "worker " + greeting.name() + " is of job " + greeting.job() + ", this one of " + self.job();
            }
            if (dialed != null && dialed.incarnation() != greeting.incarnation()) {
                return "expected worker " + dialed.name() + ", found another process: " + greeting.name();
            }
            return null;
        }

        void accept(Greeting greeting) {
            other = greeting;
        }

        @Override
        public void closed(Connection connection, String reason) {
            mailbox.post(() -> {
                Greeting known = other;
                if (known != null) {
                    lost(known.incarnation(), connection, reason);
                } else if (dialed != null) {
                    unreached(dialed, reason);
                }
            });
        }
    }
}
