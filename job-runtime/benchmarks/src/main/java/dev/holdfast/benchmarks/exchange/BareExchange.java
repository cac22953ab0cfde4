package dev.holdfast.benchmarks.exchange;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * What Netty does at most with the same frames: a length, then the bytes; written as long as the channel takes them, read into an array
 * of their own. One thread on each side, Netty's own sizes of buffers; no lanes, no checksum, no hand-over between threads.
 */
final class BareExchange {
    private static final int LENGTH_BYTES = 4;
    private static final int MAX_FRAME_BYTES = 1 << 21;

    private BareExchange() {}

    /** The receiving side. */
    record Server(EventLoopGroup group, Channel channel) implements AutoCloseable {
        int port() {
            return ((InetSocketAddress) channel.localAddress()).getPort();
        }

        @Override
        public void close() {
            group.shutdownGracefully();
        }
    }

    /** The sending side: sends from its start to its close. */
    record Client(EventLoopGroup group, Channel channel) implements AutoCloseable {
        @Override
        public void close() {
            channel.close().syncUninterruptibly();
            group.shutdownGracefully();
        }
    }

    static Server listen(Consumer<byte[]> frames) {
        EventLoopGroup group = new EpollEventLoopGroup(1);
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline()
                                .addLast(new LengthFieldBasedFrameDecoder(
                                        MAX_FRAME_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES))
                                .addLast(new Receiver(frames));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        return new Server(group, channel);
    }

    static Client send(int port, int frameBytes) {
        EventLoopGroup group = new EpollEventLoopGroup(1);
        Channel channel = new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new Sender(new byte[frameBytes]))
                .connect("127.0.0.1", port)
                .syncUninterruptibly()
                .channel();
        return new Client(group, channel);
    }

    private static final class Receiver extends ChannelInboundHandlerAdapter {
        private final Consumer<byte[]> frames;

        Receiver(Consumer<byte[]> frames) {
            this.frames = frames;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            byte[] frame = new byte[in.readableBytes()];
            in.readBytes(frame);
            in.release();
            frames.accept(frame);
        }
    }

    private static final class Sender extends ChannelInboundHandlerAdapter {
        /** Frames before the event loop has its turn again. */
        private static final int TURN = 64;

        private final byte[] frame;

        Sender(byte[] frame) {
            this.frame = frame;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            write(context);
        }

        /** The last writes fail when the channel is closed. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                context.executor().execute(() -> write(context));
            }
        }

        private void write(ChannelHandlerContext context) {
            for (int i = 0; i < TURN && context.channel().isWritable(); i++) {
                ByteBuf length = context.alloc().directBuffer(LENGTH_BYTES).writeInt(frame.length);
                context.write(length, context.voidPromise());
                context.write(Unpooled.wrappedBuffer(frame), context.voidPromise());
            }
            context.flush();
            if (context.channel().isWritable()) {
                context.executor().execute(() -> write(context));
            }
        }
    }
}
