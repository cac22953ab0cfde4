package dev.holdfast.benchmarks.exchange;

import com.sun.management.OperatingSystemMXBean;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.host.HostClock;
import dev.holdfast.transport.netty.NettyTransport;
import dev.holdfast.transport.netty.NetworkSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;

/**
 * The other process of {@link ExchangeBenchmark}: counts data frames, sends control frames back, and answers an empty control frame
 * with its counts. Prints its two ports, and ends when its input closes.
 */
public final class ExchangePeer {
    private final LongAdder bytes = new LongAdder();
    private final LongAdder frames = new LongAdder();

    /**
     * What the process has received and used so far.
     *
     * @param bytes of data frames, through either transport
     * @param frames data frames
     * @param cpuNs time of all its threads
     */
    record Counts(long bytes, long frames, long cpuNs) {
        byte[] encode() {
            return ByteBuffer.allocate(24)
                    .putLong(bytes)
                    .putLong(frames)
                    .putLong(cpuNs)
                    .array();
        }

        static Counts decode(byte[] encoded) {
            ByteBuffer in = ByteBuffer.wrap(encoded);
            return new Counts(in.getLong(), in.getLong(), in.getLong());
        }
    }

    /** Takes the token file. */
    public static void main(String[] args) throws IOException, InterruptedException {
        new ExchangePeer().run(Path.of(args[0]));
    }

    private void run(Path tokenFile) throws IOException, InterruptedException {
        try (NettyTransport transport = open(tokenFile);
                BareExchange.Server bare = BareExchange.listen(this::count)) {
            Endpoint endpoint = transport.listen(Handler::new);
            System.out.println(endpoint.port() + " " + bare.port());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    static NettyTransport open(Path tokenFile) {
        NetworkSettings.Limits limits = new NetworkSettings.Limits(5_000, 5_000, 16, 16, 1);
        NetworkSettings settings = NetworkSettings.of(
                        new Endpoint("127.0.0.1", 0), new NetworkSettings.Security.Token(tokenFile))
                .withLimits(limits);
        return new NettyTransport(settings, new HostClock());
    }

    /** CPU time of this process. */
    static long cpuNs() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private void count(byte[] frame) {
        bytes.add(frame.length);
        frames.increment();
    }

    private final class Handler implements Connection.Handler {
        @Override
        public void opened(Connection connection) {}

        @Override
        public void received(Connection connection, Connection.Lane lane, byte[] frame) {
            switch (lane) {
                case DATA -> count(frame);
                case CONTROL -> {
                    byte[] answer = frame.length == 0 ? new Counts(bytes.sum(), frames.sum(), cpuNs()).encode() : frame;
                    connection.send(Connection.Lane.CONTROL, answer, answer.length);
                }
            }
        }

        @Override
        public void closed(Connection connection, String reason) {}
    }
}
