package dev.holdfast.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.RecordingHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Strangers on real sockets: afterwards nobody was let in, no connection and no buffer is left, and the log is short. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketFuzzTest {
    private static final int STRANGERS = 2_000;

    /** Many get as far as the server's signature, some milliseconds of work. */
    private static final int STRANGERS_OF_TLS = 500;

    private static final int MAX_LINE_CHARS = 600;
    private static final int READ_TIMEOUT_MS = 30_000;

    /** Short, so that those who fall silent do not hold the test. */
    private static final NetworkSettings.Limits LIMITS = new NetworkSettings.Limits(200, 50, 64, 100, 2);

    @TempDir
    private Path directory;

    private final Random random = Seeds.random(SocketFuzzTest.class);
    private final AtomicInteger accepted = new AtomicInteger();

    @Test
    void strangersWithoutTheToken() throws Exception {
        byte[] hello = new Handshake(
                        true,
                        new Tokens(new Tokens.Token("x".repeat(20)), List.of(new Tokens.Token("x".repeat(20)))),
                        new SecureRandom())
                .begin();
        run(Secret.file(directory), hello, STRANGERS, true);
    }

    @Test
    void strangersWithoutACertificate() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.authority("ours");
        certificates.certificate("server", "ours", null);
        run(certificates.mount("secret", "server", "ours", null), clientHello(), STRANGERS_OF_TLS, false);
    }

    private void run(NetworkSettings.Security security, byte[] pattern, int strangers, boolean silent)
            throws Exception {
        try (CapturedLog log = new CapturedLog();
                NettyTransport server = new NettyTransport(
                        NetworkSettings.of(new Endpoint("127.0.0.1", 0), security)
                                .withLimits(LIMITS),
                        new ManualClock())) {
            Endpoint endpoint = server.listen(() -> {
                accepted.incrementAndGet();
                return new RecordingHandler();
            });
            for (int i = 0; i < strangers; i++) {
                byte[] answer = talk(endpoint, wrong(pattern));
                if (silent) {
                    assertThat(answer).isEmpty();
                }
            }
            Waiting.until(() -> server.connectionCount() == 0 && server.bufferBytes() == 0);
            assertThat(accepted).hasValue(0);
            assertThat(log.lines())
                    .hasSize(PeerLog.LINES)
                    .allMatch(line -> line.contains("HF-NET-01") && line.length() < MAX_LINE_CHARS);
        }
    }

    /** The pattern with one thing wrong, or noise. */
    private byte[] wrong(byte[] pattern) {
        byte[] bytes = pattern.clone();
        switch (random.nextInt(5)) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> bytes = Arrays.copyOf(pattern, 1 + random.nextInt(pattern.length));
            case 2 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 3 -> bytes = Arrays.copyOf(pattern, pattern.length + random.nextInt(100_000));
            default -> random.nextBytes(bytes = new byte[1 + random.nextInt(1000)]);
        }
        return bytes;
    }

    /** Says it all, ends or waits, and returns what comes back until the other side closes. */
    private byte[] talk(Endpoint to, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
            socket.setSoTimeout(READ_TIMEOUT_MS);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(bytes);
                if (random.nextInt(20) != 0) {
                    socket.shutdownOutput();
                }
                return socket.getInputStream().readAllBytes();
            } catch (SocketException reset) {
                return new byte[0];
            }
        }
    }

    /** The first message of a TLS client. */
    private static byte[] clientHello() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }
}
