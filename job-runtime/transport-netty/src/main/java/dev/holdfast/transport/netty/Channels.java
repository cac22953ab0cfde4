package dev.holdfast.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.function.Consumer;

/** Makes channels: options, buffers, and what stands in their pipelines. Any thread. */
final class Channels {
    /** Connections that the kernel holds until they are accepted. */
    private static final int BACKLOG = 128;

    /** What is read at once: grows while reads fill it, so that idle connections are cheap. */
    private static final int MIN_READ_BYTES = 2 << 10;

    private static final int FIRST_READ_BYTES = 16 << 10;
    private static final int MAX_READ_BYTES = 128 << 10;

    private static final int PAGE_BYTES = 8 << 10;

    /** Chunks of 1 MB (a page times two to the seventh): a dozen of the largest buffers, more than some busy connections use at once. */
    private static final int CHUNK_ORDER = 7;

    private final EventLoops loops;
    private final Secrets secrets;
    private final NetworkSettings.Limits limits;
    private final PooledByteBufAllocator allocator;
    private final SecureRandom random = new SecureRandom();

    Channels(EventLoops loops, Secrets secrets, NetworkSettings.Limits limits) {
        this.loops = loops;
        this.secrets = secrets;
        this.limits = limits;
        // Direct arenas alone, one for each thread: nothing here makes heap buffers but TLS, which then takes them
        // unpooled.
        allocator = new PooledByteBufAllocator(
                true,
                0,
                limits.threads(),
                PAGE_BYTES,
                CHUNK_ORDER,
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                false);
    }

    Handshake handshake(boolean client) {
        return new Handshake(client, secrets.tokens(), random);
    }

    ChannelFuture listen(SocketAddress at, Consumer<Channel> accepted) {
        return new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_SNDBUF, Outbound.SOCKET_SEND_BYTES)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, readSizes())
                .childHandler(initializer(accepted))
                .bind(at);
    }

    ChannelFuture connect(EventLoop loop, SocketAddress to, Consumer<Channel> made) {
        return new Bootstrap()
                .group(loop)
                .channel(loops.channel())
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limits.connectTimeoutMs())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_SNDBUF, Outbound.SOCKET_SEND_BYTES)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .option(ChannelOption.RCVBUF_ALLOCATOR, readSizes())
                .handler(initializer(made))
                .connect(to);
    }

    /** Puts what a connection needs into its channel's pipeline. */
    void prepare(Channel channel, NettyConnection connection, boolean client) {
        SslHandler tls = secrets.tls(client, allocator);
        if (tls != null) {
            channel.pipeline().addLast(tls);
        }
        channel.pipeline().addLast(new ConnectionInbound(connection, tls != null));
    }

    /** Bytes of direct buffers in use. */
    long bufferBytes() {
        return allocator.pinnedDirectMemory();
    }

    private static ChannelInitializer<Channel> initializer(Consumer<Channel> made) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                made.accept(channel);
            }
        };
    }

    private static WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(Outbound.LOW_WATER_BYTES, Outbound.HIGH_WATER_BYTES);
    }

    private static AdaptiveRecvByteBufAllocator readSizes() {
        return new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES);
    }
}
