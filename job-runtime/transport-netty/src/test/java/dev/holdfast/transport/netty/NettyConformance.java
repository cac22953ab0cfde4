package dev.holdfast.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Connection.Lane;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.env.TransportConformance;
import dev.holdfast.engine.env.host.HostClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite on real sockets of the loopback interface. */
abstract class NettyConformance extends TransportConformance {
    /** A hundred handshakes with TLS at once take a busy machine some seconds. */
    private static final NetworkSettings.Limits LIMITS = new NetworkSettings.Limits(25_000, 25_000, 256, 4_096, 2);

    private static final NetworkSettings.Limits SHORT = new NetworkSettings.Limits(300, 300, 256, 4_096, 2);

    @TempDir
    Path directory;

    private final Map<String, NettyTransport> processes = new HashMap<>();
    private final Map<String, CountDownLatch> stalled = new HashMap<>();
    private final List<ServerSocket> silent = new ArrayList<>();

    abstract NetworkSettings.Security security() throws Exception;

    abstract EventLoops.Kind kind();

    @AfterEach
    void goOn() {
        stalled.values().forEach(CountDownLatch::countDown);
    }

    @Override
    protected void end() throws IOException {
        for (ServerSocket socket : silent) {
            socket.close();
        }
    }

    @Test
    void framesOfManyThreadsKeepTheOrderOfEach() throws Exception {
        Pair pair = connect();
        int threads = 4;
        int frames = 5_000;
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            senders.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < frames; i++) {
                    pair.here()
                            .connection()
                            .send(i % 2 == 0 ? Lane.DATA : Lane.CONTROL, number(i * threads + thread), 4);
                }
            }));
        }
        for (Thread sender : senders) {
            sender.join();
        }

        awaitTrue(() -> pair.there().received() == threads * frames);
        for (int t = 0; t < threads; t++) {
            int thread = t;
            for (Lane lane : Lane.values()) {
                assertThat(pair.there().frames(lane).stream()
                                .map(TransportConformance::number)
                                .filter(n -> n % threads == thread))
                        .hasSize(frames / 2)
                        .isSorted();
            }
        }
    }

    @Override
    protected Transport open(String process) throws Exception {
        NettyTransport transport = open(new Endpoint("127.0.0.1", 0), process.equals(HASTY) ? SHORT : LIMITS);
        processes.put(process, transport);
        return transport;
    }

    private NettyTransport open(Endpoint listen, NetworkSettings.Limits limits) throws Exception {
        return new NettyTransport(NetworkSettings.of(listen, security()).withLimits(limits), new HostClock(), kind());
    }

    @Override
    protected void listenAt(Endpoint taken) throws Exception {
        try (NettyTransport another = open(taken, LIMITS)) {
            another.listen(this::handler);
        }
    }

    @Override
    protected boolean await(BooleanSupplier condition, long limitMs) {
        long endNs = System.nanoTime() + limitMs * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNs) {
                return false;
            }
            LockSupport.parkNanos(200_000);
        }
        return true;
    }

    /** Holds all threads of the process, as a handler would that does not return. */
    @Override
    protected void stall(String process) {
        NettyTransport transport = processes.get(process);
        CountDownLatch latch = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(LIMITS.threads());
        stalled.put(process, latch);
        transport
                .loops()
                .group()
                .forEach(loop -> loop.execute(() -> {
                    held.countDown();
                    awaitLatch(latch);
                }));
        awaitLatch(held);
    }

    @Override
    protected void goOn(String process) {
        stalled.get(process).countDown();
    }

    @Override
    protected Endpoint nobody() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Endpoint("127.0.0.1", socket.getLocalPort());
        }
    }

    @Override
    protected Endpoint silent() throws Exception {
        ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        silent.add(socket);
        return new Endpoint("127.0.0.1", socket.getLocalPort());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
