package dev.holdfast.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a transport, with the kind of sockets that they drive. */
final class EventLoops {
    /** How threads learn what happens on sockets. */
    enum Kind {
        /** Linux's epoll through Netty's native library. */
        EPOLL,
        /** The JDK's selectors. */
        NIO;

        static Kind best() {
            return Epoll.isAvailable() ? EPOLL : NIO;
        }
    }

    /** A thread that does not end within this is stuck in a handler. */
    private static final long END_WITHIN_MS = 3_000;

    private final Kind kind;
    private final EventLoopGroup group;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    EventLoops(Kind kind, int threadCount) {
        this.kind = kind;
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = body -> {
            Thread thread = new FastThreadLocalThread(body, "holdfast-net-" + number.getAndIncrement());
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        };
        group = switch (kind) {
            case EPOLL -> new EpollEventLoopGroup(threadCount, factory);
            case NIO -> new NioEventLoopGroup(threadCount, factory);
        };
    }

    EventLoopGroup group() {
        return group;
    }

    EventLoop next() {
        return group.next();
    }

    Class<? extends Channel> channel() {
        return switch (kind) {
            case EPOLL -> EpollSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (kind) {
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    boolean isOwn(Thread thread) {
        return threads.contains(thread);
    }

    /** Ends the threads; returns when they have ended, but for the calling one. */
    void close() {
        // The threads themselves are awaited: its future is done a moment before they are.
        var unused = group.shutdownGracefully(0, END_WITHIN_MS, TimeUnit.MILLISECONDS);
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_WITHIN_MS);
        boolean interrupted = false;
        for (Thread thread : threads) {
            long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime()));
            if (thread != Thread.currentThread()) {
                try {
                    thread.join(leftMs);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
