package dev.holdfast.benchmarks;

import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.transport.netty.NettyTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Data between two processes over the loopback interface, through the transport and through a bare Netty loop, in turns; then the time
 * of a control frame there and back, without and with data beside it on the same connection.
 */
public final class ExchangeBenchmark {
    private static final int[] FRAME_BYTES = {32 << 10, 256 << 10};

    /** What an exchange with credits has under way at most. */
    private static final long WAITING_BYTES = 4 << 20;

    private static final int PING_BYTES = 64;
    private static final long BETWEEN_PINGS_NS = 500_000;

    private final int seconds;
    private final int rounds;
    private final PrintStream out = System.out;

    private ExchangeBenchmark(int seconds, int rounds) {
        this.seconds = seconds;
        this.rounds = rounds;
    }

    /** Takes {@code --seconds=5}, to measure in each round, and {@code --rounds=3}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int seconds = 5;
        int rounds = 3;
        for (String arg : args) {
            String[] pair = arg.split("=", 2);
            switch (pair[0]) {
                case "--seconds" -> seconds = Integer.parseInt(pair[1]);
                case "--rounds" -> rounds = Integer.parseInt(pair[1]);
                default ->
                    throw new IllegalArgumentException(
                            "unknown option '" + arg + "'. There are --seconds= and --rounds=");
            }
        }
        new ExchangeBenchmark(seconds, rounds).run();
    }

    private void run() throws IOException, InterruptedException {
        Path token = Files.createTempFile("holdfast-bench", "token");
        Files.writeString(token, UUID.randomUUID().toString());
        Process peer = startPeer(token);
        try (BufferedReader ports =
                        new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8));
                NettyTransport transport = ExchangePeer.open(token)) {
            String[] found = ports.readLine().split(" ");
            Endpoint endpoint = new Endpoint("127.0.0.1", Integer.parseInt(found[0]));
            ExchangeClient client = new ExchangeClient(transport, endpoint);
            for (int frameBytes : FRAME_BYTES) {
                compare(client, frameBytes, Integer.parseInt(found[1]));
            }
            latency("no data", client);
            AtomicBoolean stop = new AtomicBoolean();
            Thread sender = Thread.ofPlatform().start(() -> send(client.connection(), FRAME_BYTES[0], stop));
            latency("data beside it", client);
            stop.set(true);
            sender.join();
        } finally {
            peer.getOutputStream().close();
            peer.waitFor();
            Files.delete(token);
        }
    }

    private static Process startPeer(Path token) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xms512m",
                        "-Xmx512m",
                        "-XX:+UseParallelGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExchangePeer.class.getName(),
                        token.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void compare(ExchangeClient client, int frameBytes, int barePort) throws InterruptedException {
        out.printf(Locale.ROOT, "data in frames of %d KB%n", frameBytes >> 10);
        List<Double> ours = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            AtomicBoolean stop = new AtomicBoolean();
            Thread sender = Thread.ofPlatform().start(() -> send(client.connection(), frameBytes, stop));
            ours.add(measure("transport", client));
            stop.set(true);
            sender.join();
            client.awaitWritten();
            try (BareExchange.Client loop = BareExchange.send(barePort, frameBytes)) {
                bare.add(measure("bare loop", client));
            }
        }
        out.printf(
                Locale.ROOT,
                "= %d KB: ratio for each core %.2f (aim 0.80, at least 0.33)%n%n",
                frameBytes >> 10,
                Numbers.median(ours) / Numbers.median(bare));
        out.flush();
    }

    /** Returns bytes for each second of CPU, both processes together. */
    private double measure(String what, ExchangeClient client) throws InterruptedException {
        sleep(Math.max(1, seconds / 2));
        ExchangePeer.Counts before = client.counts();
        long cpuBefore = ExchangePeer.cpuNs();
        long startNs = System.nanoTime();
        sleep(seconds);
        ExchangePeer.Counts after = client.counts();
        double cpuSeconds = (after.cpuNs() - before.cpuNs() + ExchangePeer.cpuNs() - cpuBefore) / 1e9;
        double elapsed = (System.nanoTime() - startNs) / 1e9;
        double bytes = after.bytes() - before.bytes();
        double frames = after.frames() - before.frames();
        out.printf(
                Locale.ROOT,
                "  %-10s %6.0f MB/s, %7.0f frames/s; for each core %6.0f MB/s, %7.0f frames/s (%.2f cores)%n",
                what,
                bytes / elapsed / 1e6,
                frames / elapsed,
                bytes / cpuSeconds / 1e6,
                frames / cpuSeconds,
                cpuSeconds / elapsed);
        out.flush();
        return bytes / cpuSeconds;
    }

    private static void send(Connection connection, int frameBytes, AtomicBoolean stop) {
        byte[] frame = new byte[frameBytes];
        while (!stop.get()) {
            if (connection.waitingDataBytes() < WAITING_BYTES) {
                connection.send(Connection.Lane.DATA, frame, frameBytes);
            } else {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private void latency(String what, ExchangeClient client) throws InterruptedException {
        List<Long> times = new ArrayList<>();
        byte[] ping = new byte[PING_BYTES];
        long warmNs = System.nanoTime() + Math.max(1, seconds / 2) * 1_000_000_000L;
        long endNs = warmNs + seconds * 1_000_000_000L;
        for (long nowNs = System.nanoTime(); nowNs < endNs; nowNs = System.nanoTime()) {
            client.ask(ping);
            if (nowNs > warmNs) {
                times.add(System.nanoTime() - nowNs);
            }
            LockSupport.parkNanos(BETWEEN_PINGS_NS);
        }
        times.sort(null);
        out.printf(
                Locale.ROOT,
                "control frame there and back, %s: p50 %s, p99 %s, max %s of %,d%n",
                what,
                Numbers.ms(times.get(times.size() / 2)),
                Numbers.ms(times.get(times.size() * 99 / 100)),
                Numbers.ms(times.getLast()),
                times.size());
        out.flush();
    }

    private static void sleep(int seconds) throws InterruptedException {
        Thread.sleep(seconds * 1000L);
    }
}
