package dev.holdfast.transport.netty;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections over TCP. What goes over them is in {@code Wire} and {@code Handshake}, in which order in {@code Outbound}.
 *
 * <p>Handlers are called by one of a few threads that drive all connections. If {@link #connect} is called after {@link #close}, the
 * handler hears of it on the caller's thread, since there is no other.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails breaks the channel, and that is heard of
public final class NettyTransport implements Transport {
    /** Connections have a second for their goodbyes. */
    private static final long CLOSE_WITHIN_MS = 1_500;

    private static final String CLOSES = "the process closes its network";

    private final NetworkSettings settings;
    private final PeerLog log;
    private final EventLoops loops;
    private final Connections connections;
    private final Channels channels;
    private volatile @Nullable Channel listening;
    private volatile boolean closed;

    /**
     * Reads the token or the certificates, and starts the threads.
     *
     * @throws HoldfastException HF-NET-003 or HF-NET-004 if those cannot be used
     */
    public NettyTransport(NetworkSettings settings, Clock clock) {
        this(settings, clock, EventLoops.Kind.best());
    }

    NettyTransport(NetworkSettings settings, Clock clock, EventLoops.Kind kind) {
        this.settings = settings;
        log = new PeerLog(clock);
        Secrets secrets = Secrets.of(settings.security(), clock);
        loops = new EventLoops(kind, settings.limits().threads());
        connections = new Connections(settings.limits());
        channels = new Channels(loops, secrets, settings.limits());
    }

    @Override
    public Endpoint listen(Supplier<Connection.Handler> handlers) {
        if (closed || listening != null) {
            throw new IllegalStateException("the transport " + (closed ? "is closed" : "listens already"));
        }
        Endpoint at = settings.listen();
        ChannelFuture bound;
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(at.host()), at.port());
            bound = channels.listen(address, channel -> accept(channel, handlers))
                    .awaitUninterruptibly();
        } catch (UnknownHostException e) {
            throw cannotListen(at, e);
        }
        if (!bound.isSuccess()) {
            throw cannotListen(at, bound.cause());
        }
        listening = bound.channel();
        return settings.advertised(((InetSocketAddress) bound.channel().localAddress()).getPort());
    }

    @Override
    public Connection connect(Endpoint to, Connection.Handler handler) {
        EventLoop loop = loops.next();
        NettyConnection connection =
                NettyConnection.opened(loop, to.toString(), handler, channels.handshake(true), log, connections);
        connections.addOpened(connection);
        if (closed) {
            connection.end(CLOSES);
            return connection;
        }
        try {
            loop.execute(() -> start(connection, loop, to));
        } catch (RejectedExecutionException ended) {
            connection.end(CLOSES);
        }
        return connection;
    }

    @Override
    public void close() {
        closed = true;
        Channel server = listening;
        if (server != null) {
            server.close();
        }
        connections.forEach(connection -> connection.close(CLOSES));
        try {
            if (!loops.isOwn(Thread.currentThread())) {
                connections.awaitNone(CLOSE_WITHIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loops.close();
    }

    /** Connections that have not ended. */
    int connectionCount() {
        return connections.size();
    }

    EventLoops loops() {
        return loops;
    }

    /** Bytes of direct buffers in use. */
    long bufferBytes() {
        return channels.bufferBytes();
    }

    private void accept(Channel channel, Supplier<Connection.Handler> handlers) {
        NettyConnection connection = NettyConnection.accepted(
                channel.eventLoop(), address(channel), handlers, channels.handshake(false), log, connections);
        connections.addAccepted(connection);
        try {
            connections.requireRoom(true);
        } catch (PeerException full) {
            connection.fail(full);
            channel.close();
            return;
        }
        connection.within(settings.limits().handshakeTimeoutMs());
        channels.prepare(channel, connection, false);
        if (closed) {
            connection.end(CLOSES);
        }
    }

    private void start(NettyConnection connection, EventLoop loop, Endpoint to) {
        try {
            connections.requireRoom(false);
        } catch (PeerException full) {
            connection.fail(full);
            return;
        }
        connection.within(settings.limits().connectTimeoutMs());
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(to.host());
        if (literal != null) {
            dial(connection, loop, new InetSocketAddress(literal, to.port()));
            return;
        }
        // Asking for a name may take seconds, and the event loop has other connections to serve.
        Thread.ofVirtual().name("look up " + to.host()).start(() -> {
            try {
                InetAddress found = InetAddress.getByName(to.host());
                loop.execute(() -> dial(connection, loop, new InetSocketAddress(found, to.port())));
            } catch (UnknownHostException e) {
                loop.execute(() -> connection.broken("the name is not known"));
            }
        });
    }

    private void dial(NettyConnection connection, EventLoop loop, InetSocketAddress address) {
        channels.connect(loop, address, channel -> channels.prepare(channel, connection, true))
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        connection.broken(String.valueOf(done.cause().getMessage()));
                    }
                });
    }

    private static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? new Endpoint(remote.getAddress().getHostAddress(), remote.getPort()).toString()
                : "unknown";
    }

    private static HoldfastException cannotListen(Endpoint at, Throwable cause) {
        return new HoldfastException(
                "HF-NET-001",
                "cannot take connections at " + at + ": " + cause.getMessage()
                        + ". Choose an address of this machine and a port that is free",
                cause);
    }
}
