package dev.holdfast.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between real processes and disturbs what goes through: late, held back, cut, refused, or answered with an error. It takes
 * connections on the loopback interface and passes them on. What it does can be changed at any time, from any thread.
 */
final class FaultyLink implements AutoCloseable {
    private static final int CHUNK_BYTES = 64 * 1024;
    /** Chunks under way in one direction; beyond it the sender has to wait, as on a real line. */
    private static final int MOST_CHUNKS = 256;

    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final Chunk END = new Chunk(new byte[0], 0);

    private final String targetHost;
    private final int targetPort;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicLong passedBytes = new AtomicLong();
    private volatile ServerSocket listening;
    private volatile long delayNs;
    private volatile long resetEveryBytes = Long.MAX_VALUE;
    private volatile boolean unavailable;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private record Chunk(byte[] bytes, long dueNs) {}

    /** @param targetPort 0 for the port that the link itself gets */
    FaultyLink(String targetHost, int targetPort) throws IOException {
        this.listening = listen(0);
        this.targetHost = targetHost;
        this.targetPort = targetPort == 0 ? listening.getLocalPort() : targetPort;
    }

    private ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofVirtual().start(() -> accept(socket));
        return socket;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on everything takes that much longer, in each direction. */
    FaultyLink delay(Duration delay) {
        delayNs = delay.toNanos();
        return this;
    }

    /** Nothing goes through any more, in no direction, but connections stay; {@link #release} lets go on what was held. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    void release() {
        gate.countDown();
    }

    /** Resets all connections. New ones may come. */
    void cut() {
        lines.forEach(Line::reset);
    }

    /** Resets a connection whenever that many bytes have gone through the link. */
    void resetEvery(long bytes) {
        resetEveryBytes = bytes;
    }

    /** Nobody listens any more: connections are cut and refused. */
    void refuse() throws IOException {
        listening.close();
        cut();
    }

    /** After {@link #refuse}. */
    void accept() throws IOException {
        listening = listen(port());
    }

    /** Whether each HTTP request is answered with 503 by the link itself. */
    void unavailable(boolean now) {
        unavailable = now;
        cut();
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                if (unavailable) {
                    Thread.ofVirtual().start(() -> UnavailableServer.answer(client));
                } else {
                    Thread.ofVirtual().start(() -> connect(client));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(targetHost, targetPort), CONNECT_TIMEOUT_MS);
            server.setTcpNoDelay(true);
        } catch (IOException refused) {
            Line.reset(client);
            return;
        }
        Line line = new Line(client, server);
        lines.add(line);
        line.pump(client, server);
        line.pump(server, client);
    }

    @Override
    public void close() throws IOException {
        release();
        listening.close();
        cut();
    }

    /** One connection. Each direction has a thread that reads and one that writes when the time has come. */
    private final class Line {
        private final Socket client;
        private final Socket server;

        Line(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pump(Socket from, Socket to) {
            BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(MOST_CHUNKS);
            Thread.ofVirtual().start(() -> guarded(() -> read(from, underWay)));
            Thread.ofVirtual().start(() -> guarded(() -> write(to, underWay)));
        }

        private void read(Socket from, BlockingQueue<Chunk> underWay) throws IOException, InterruptedException {
            byte[] buffer = new byte[CHUNK_BYTES];
            try {
                for (int read = from.getInputStream().read(buffer);
                        read >= 0;
                        read = from.getInputStream().read(buffer)) {
                    put(underWay, new Chunk(Arrays.copyOf(buffer, read), System.nanoTime() + delayNs));
                }
            } finally {
                put(underWay, END);
            }
        }

        /** Gives up where nobody takes, so that no thread is left behind by a line that is gone. */
        private void put(BlockingQueue<Chunk> underWay, Chunk chunk) throws InterruptedException {
            while (!underWay.offer(chunk, 100, TimeUnit.MILLISECONDS)) {
                if (client.isClosed()) {
                    return;
                }
            }
        }

        private void write(Socket to, BlockingQueue<Chunk> underWay) throws IOException, InterruptedException {
            for (Chunk chunk = underWay.take(); chunk != END; chunk = underWay.take()) {
                TimeUnit.NANOSECONDS.sleep(chunk.dueNs() - System.nanoTime());
                gate.await();
                long length = chunk.bytes().length;
                long before = passedBytes.getAndAdd(length);
                if (before / resetEveryBytes != (before + length) / resetEveryBytes) {
                    reset();
                    return;
                }
                to.getOutputStream().write(chunk.bytes());
            }
            to.shutdownOutput();
        }

        private interface Work {
            void run() throws IOException, InterruptedException;
        }

        private void guarded(Work work) {
            try {
                work.run();
            } catch (IOException | InterruptedException cut) {
                reset();
            }
            if (client.isClosed() || (client.isOutputShutdown() && server.isOutputShutdown())) {
                reset();
            }
        }

        void reset() {
            lines.remove(this);
            reset(client);
            reset(server);
        }

        /** Closes with RST instead of FIN. */
        static void reset(Socket socket) {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (IOException closed) {
                return;
            }
        }
    }
}
