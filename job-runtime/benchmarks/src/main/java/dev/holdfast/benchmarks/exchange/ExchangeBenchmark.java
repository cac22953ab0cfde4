package dev.holdfast.benchmarks.exchange;

import dev.holdfast.benchmarks.Numbers;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.exchange.Batch;
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
 * What goes between two processes over the loopback interface.
 *
 * <ol>
 *   <li>Data frames through the transport and through a bare Netty loop, in turns.
 *   <li>The time of a control frame there and back, without and with data beside it on the same connection.
 *   <li>Records of a job between two workers, in turns with the bare loop again.
 *   <li>The time of a record there and back at low load.
 * </ol>
 */
public final class ExchangeBenchmark {
    private static final int[] FRAME_BYTES = {32 << 10, 256 << 10};

    /** What an exchange with credits has under way at most. */
    private static final long WAITING_BYTES = 4 << 20;

    private static final int PING_BYTES = 64;
    private static final long BETWEEN_PINGS_NS = 500_000;

    private final int seconds;
    private final int rounds;
    private final RecordExchange records;
    private final PrintStream out = System.out;

    private ExchangeBenchmark(int seconds, int rounds, RecordExchange records) {
        this.seconds = seconds;
        this.rounds = rounds;
        this.records = records;
    }

    /**
     * Takes {@code --seconds=5}, to measure in each round, and {@code --rounds=3}; the launcher's script with {@code --holdfast=} and the
     * class path of the measured job with {@code --class-path=}.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int seconds = 5;
        int rounds = 3;
        String holdfast = "";
        String classPath = "";
        for (String arg : args) {
            String[] pair = arg.split("=", 2);
            switch (pair[0]) {
                case "--seconds" -> seconds = Integer.parseInt(pair[1]);
                case "--rounds" -> rounds = Integer.parseInt(pair[1]);
                case "--holdfast" -> holdfast = pair[1];
                case "--class-path" -> classPath = pair[1];
                default ->
                    throw new IllegalArgumentException(
                            "unknown option '" + arg + "'. There are --seconds= and --rounds=");
            }
        }
        new ExchangeBenchmark(seconds, rounds, new RecordExchange(holdfast, classPath)).run();
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
            client.awaitWritten();
            compareRecords(client, Integer.parseInt(found[1]));
            latencyOfRecords();
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

    /**
     * The bare loop sends frames as long as those that the job's records go in. The same job in one process shows what is not the
     * exchange's: making, keying and receiving the records.
     */
    private void compareRecords(ExchangeClient client, int barePort) throws IOException, InterruptedException {
        double recordBytes = RecordExchange.recordBytes();
        int frameBytes = (int) (Batch.CAPACITY * recordBytes);
        out.printf(Locale.ROOT, "records of %.0f bytes in frames of %d KB%n", recordBytes, frameBytes >> 10);
        List<Double> whole = new ArrayList<>();
        List<Double> exchange = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            double inMemory = job("one worker", 1, recordBytes);
            whole.add(job("two workers", 2, recordBytes));
            exchange.add(1 / (1 / whole.getLast() - 1 / inMemory));
            try (BareExchange.Client loop = BareExchange.send(barePort, frameBytes)) {
                bare.add(measure("bare loop", client));
            }
        }
        double atMost = Numbers.median(bare);
        out.printf(
                Locale.ROOT,
                "= records: ratio for each core %.2f for the exchange (aim at least 0.33), %.2f for the whole job%n%n",
                Numbers.median(exchange) / atMost,
                Numbers.median(whole) / atMost);
        out.flush();
    }

    /** Returns bytes of records for each second of CPU, all workers together. */
    private double job(String what, int workers, double recordBytes) throws IOException, InterruptedException {
        RecordExchange.Throughput through = records.throughput(workers, 2 * seconds, seconds);
        double perCore = through.recordsPerCore() * recordBytes;
        out.printf(
                Locale.ROOT,
                "  %-11s %6.0f MB/s, %5.2f M records/s; for each core %6.0f MB/s, %5.2f M records/s (%.2f cores)%n",
                what,
                through.recordsPerSecond() * recordBytes / 1e6,
                through.recordsPerSecond() / 1e6,
                perCore / 1e6,
                through.recordsPerCore() / 1e6,
                through.cores());
        out.flush();
        return perCore;
    }

    private void latencyOfRecords() throws IOException, InterruptedException {
        RecordExchange.Latency latency = records.latency(2 * seconds);
        out.printf(
                Locale.ROOT,
                "record over two hops at low load: p50 %s, p99 %s (aim 5 ms), max %s of %,d%n",
                Numbers.ms(latency.p50Us() * 1e3),
                Numbers.ms(latency.p99Us() * 1e3),
                Numbers.ms(latency.maxUs() * 1e3),
                latency.records());
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
