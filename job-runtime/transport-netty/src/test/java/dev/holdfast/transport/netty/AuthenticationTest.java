package dev.holdfast.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.RecordingHandler;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, and who does not. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AuthenticationTest {
    private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private final List<NettyTransport> transports = new ArrayList<>();
    private final List<RecordingHandler> accepted = new CopyOnWriteArrayList<>();
    private CapturedLog log;

    @BeforeEach
    void captureLog() {
        log = new CapturedLog();
    }

    @AfterEach
    void closeAll() {
        transports.forEach(NettyTransport::close);
        log.close();
    }

    @Test
    void aStrangerGetsNotOneByte() throws Exception {
        Endpoint server = listen(Secret.file(directory));
        byte[] hello = new Handshake(true, tokens("another token, long enough"), new SecureRandom()).begin();

        for (byte[] said :
                List.of("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), hello, new byte[] {0x16, 3, 1})) {
            try (Socket socket = dial(server)) {
                socket.getOutputStream().write(said);
                assertThat(everythingFrom(socket)).isEmpty();
            }
        }
        assertThat(accepted).isEmpty();
        assertThat(log.lines()).hasSize(3);
        assertThat(log.lines().get(0)).contains("HF-NET-010");
        assertThat(log.lines().get(1)).contains("HF-NET-012");
        assertThat(log.lines().get(2)).contains("HF-NET-010");
    }

    @Test
    void whoSaysNothingIsClosedAfterTheDeadline() throws Exception {
        Endpoint server = listen(Secret.file(directory), new NetworkSettings.Limits(1_000, 100, 8, 8, 1));

        try (Socket socket = dial(server)) {
            assertThat(everythingFrom(socket)).isEmpty();
        }
        Waiting.until(() -> !log.lines().isEmpty());
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("HF-NET-014")
                .contains("within 100 ms");
    }

    @Test
    void aProbeThatLeavesWithoutAByteIsNotWorthALine() throws Exception {
        Endpoint server = listen(Secret.file(directory));
        dial(server).close();

        Waiting.until(() -> transports.getFirst().connectionCount() == 0);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aRecordedHelloIsOfNoUse() throws Exception {
        Endpoint server = listen(Secret.file(directory));
        byte[] hello = new Handshake(true, tokens(Secret.TOKEN), new SecureRandom()).begin();
        for (int i = 0; i < 2; i++) {
            try (Socket socket = dial(server)) {
                socket.getOutputStream().write(hello);
                assertThat(socket.getInputStream().readNBytes(72)).hasSize(72);
                socket.getOutputStream().write(Arrays.copyOf(new byte[] {'H', 'F', 'N', 'T', 0, 1, 1, 3}, 40));
                assertThat(everythingFrom(socket)).isEmpty();
            }
        }
        assertThat(accepted).isEmpty();
        assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("HF-NET-012"));
    }

    @Test
    void theTokenIsNeverOnTheWire() {
        byte[] hello = new Handshake(true, tokens(Secret.TOKEN), new SecureRandom()).begin();

        assertThat(new String(hello, StandardCharsets.ISO_8859_1)).doesNotContain(Secret.TOKEN.substring(0, 6));
        assertThat(tokens(Secret.TOKEN).toString()).doesNotContain(Secret.TOKEN);
    }

    @Test
    void aServerWithoutTheTokenIsNotBelieved() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Endpoint server = listen(Secret.file(other, "another token, long enough"));
        RecordingHandler handler = connect(transport(Secret.file(directory)), server);

        Waiting.until(handler::isClosed);
        assertThat(handler.isOpened()).isFalse();
        assertThat(handler.closedReason()).contains("HF-NET-014");
    }

    @Test
    void aRenewedTokenCountsAndTheOldOneForAWhile() throws Exception {
        Path clientDirectory = Files.createDirectory(directory.resolve("client"));
        Endpoint server = listen(Secret.file(directory));
        NettyTransport old = transport(Secret.file(clientDirectory));
        Secret.file(directory, "a renewed token, long enough");
        clock.pass(TokenFile.LOOK_NS);

        assertThat(opens(old, server)).as("old token within the overlap").isTrue();
        NettyTransport renewed = transport(
                Secret.file(Files.createDirectory(directory.resolve("renewed")), "a renewed token, long enough"));
        assertThat(opens(renewed, server)).as("new token").isTrue();
        clock.pass(TokenFile.OVERLAP_NS);
        assertThat(opens(old, server)).as("old token after the overlap").isFalse();
        assertThat(opens(renewed, server)).isTrue();
    }

    @Test
    void everyLineOfTheFileIsAcceptedAndTheFirstIsUsed() throws Exception {
        Endpoint server = listen(Secret.file(directory, "the first token, long enough\n" + Secret.TOKEN + "\n"));

        assertThat(opens(transport(Secret.file(Files.createDirectory(directory.resolve("c")))), server))
                .isTrue();
    }

    @Test
    void aDamagedTokenFileIsNotTaken() throws Exception {
        Endpoint server = listen(Secret.file(directory));
        NettyTransport client = transport(Secret.file(Files.createDirectory(directory.resolve("c"))));
        Secret.file(directory, "short");
        clock.pass(TokenFile.LOOK_NS);

        assertThat(opens(client, server)).isTrue();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("HF-NET-004")
                .contains("5 characters");
        assertThatThrownBy(() -> transport(Secret.file(directory, "short")))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("HF-NET-004"));
    }

    @Test
    void connectionsThatProveNothingAreLimited() throws Exception {
        Endpoint server = listen(Secret.file(directory), new NetworkSettings.Limits(5_000, 60_000, 4, 100, 1));
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            silent.add(dial(server));
        }
        Waiting.until(() -> transports.getFirst().connectionCount() == 4);
        try (Socket oneMore = dial(server)) {
            assertThat(everythingFrom(oneMore)).isEmpty();
        }
        assertThat(log.lines()).singleElement().asString().contains("HF-NET-015");

        silent.removeFirst().close();
        Waiting.until(() -> transports.getFirst().connectionCount() == 3);
        NettyTransport client = transport(Secret.file(directory));
        assertThat(opens(client, server)).isTrue();
        assertThat(opens(client, server))
                .as("one that has proved itself does not count")
                .isTrue();
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void aScannerCannotFloodTheLog() throws Exception {
        Endpoint server = listen(Secret.file(directory));
        for (int i = 0; i < 50; i++) {
            try (Socket socket = dial(server)) {
                socket.getOutputStream().write('x');
                everythingFrom(socket);
            }
        }
        assertThat(log.lines()).hasSize(PeerLog.LINES);

        clock.pass(PeerLog.PERIOD_NS);
        try (Socket socket = dial(server)) {
            socket.getOutputStream().write('x');
            everythingFrom(socket);
        }
        assertThat(log.lines().getLast()).contains("40 more lines");
    }

    @Test
    void certificatesOfOtherAuthoritiesAreRefused() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.authority("ours");
        certificates.authority("theirs");
        certificates.certificate("server", "ours", "job.example");
        certificates.certificate("client", "theirs", "job.example");
        Endpoint server = listen(certificates.mount("server-secret", "server", "ours", null));

        // The client trusts the server's authority, so it is the server that refuses.
        assertThat(opens(transport(certificates.mount("client-secret", "client", "ours", null)), server))
                .isFalse();
        assertThat(accepted).isEmpty();
        assertThat(log.lines()).anyMatch(line -> line.contains("HF-NET-013"));
        // And here the client refuses the server.
        certificates.certificate("client-2", "ours", "job.example");
        assertThat(opens(transport(certificates.mount("client-2-secret", "client-2", "theirs", null)), server))
                .isFalse();
    }

    @Test
    void namesOfCertificatesAreComparedWhereOneIsConfigured() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.authority("ours");
        certificates.certificate("server", "ours", "job.example");
        certificates.certificate("named", "ours", "Job.example");
        certificates.certificate("other", "ours", "other.example");
        certificates.certificate("nameless", "ours", null);
        Endpoint server = listen(certificates.mount("server-secret", "server", "ours", "job.example"));

        assertThat(opens(transport(certificates.mount("1", "named", "ours", "job.example")), server))
                .isTrue();
        assertThat(opens(transport(certificates.mount("2", "other", "ours", "job.example")), server))
                .isFalse();
        assertThat(opens(transport(certificates.mount("3", "nameless", "ours", "job.example")), server))
                .isFalse();
        assertThat(opens(transport(certificates.mount("4", "named", "ours", "somebody.else")), server))
                .isFalse();
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.authority("ours");
        certificates.certificate("server", "ours", null);
        certificates.certificate("expired", "ours", null, Instant.now().minusSeconds(60));
        Endpoint server = listen(certificates.mount("server-secret", "server", "ours", null));

        assertThat(opens(transport(certificates.mount("1", "expired", "ours", null)), server))
                .isFalse();
    }

    @Test
    void withoutACertificateNobodyGetsIn() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.authority("ours");
        certificates.certificate("server", "ours", null);
        Endpoint server = listen(certificates.mount("server-secret", "server", "ours", null));

        assertThat(opens(transport(Secret.file(directory)), server)).isFalse();
        assertThat(accepted).isEmpty();
    }

    @Test
    void renewedCertificatesCountForNewConnections() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.authority("old");
        certificates.authority("new");
        certificates.certificate("server-old", "old", null);
        certificates.certificate("server-new", "new", null);
        certificates.certificate("client-old", "old", null);
        certificates.certificate("client-new", "new", null);
        Endpoint server = listen(certificates.mount("server", "server-old", "old", null));
        NettyTransport client = transport(certificates.mount("client", "client-old", "old", null));
        RecordingHandler before = connect(client, server);
        Waiting.until(before::isOpened);

        certificates.mount("server", "server-new", "new", null);
        clock.pass(TlsFiles.LOOK_NS);
        assertThat(opens(client, server)).as("the client still has the old one").isFalse();
        certificates.mount("client", "client-new", "new", null);
        clock.pass(TlsFiles.LOOK_NS);
        assertThat(opens(client, server)).isTrue();
        assertThat(before.isClosed()).as("connections that are open stay").isFalse();
    }

    @Test
    void filesThatDoNotFitTogetherAreNotTaken() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.authority("ours");
        certificates.certificate("one", "ours", null);
        certificates.certificate("two", "ours", null);
        NetworkSettings.Security.Tls mounted = certificates.mount("server", "one", "ours", null);
        Endpoint server = listen(mounted);
        Path key = mounted.keyFile().toRealPath();
        Files.copy(directory.resolve("two.key"), key, StandardCopyOption.REPLACE_EXISTING);
        clock.pass(TlsFiles.LOOK_NS);

        assertThat(opens(transport(certificates.mount("client", "two", "ours", null)), server))
                .isTrue();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("HF-NET-003")
                .contains("is not the key");
        assertThatThrownBy(() -> transport(mounted))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("HF-NET-003"));
    }

    @Test
    void keysOfCertManagersDefaultFormAreRead() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var key = generator.generateKeyPair().getPrivate();
        // PKCS#1 is what stands in the last element of PKCS#8, behind 26 bytes of header.
        byte[] pkcs1 = Arrays.copyOfRange(key.getEncoded(), 26, key.getEncoded().length);
        Path file = Files.writeString(directory.resolve("rsa.key"), Certificates.pem("RSA PRIVATE KEY", pkcs1));

        assertThat(Pem.privateKey(file)).isEqualTo(key);
        Files.writeString(file, Certificates.pem("EC PRIVATE KEY", pkcs1));
        assertThatThrownBy(() -> Pem.privateKey(file)).hasMessageContaining("PKCS#8");
    }

    private Endpoint listen(NetworkSettings.Security security) {
        return listen(security, new NetworkSettings.Limits(10_000, 10_000, 64, 100, 1));
    }

    private Endpoint listen(NetworkSettings.Security security, NetworkSettings.Limits limits) {
        NettyTransport server =
                new NettyTransport(NetworkSettings.of(ANY_PORT, security).withLimits(limits), clock);
        transports.add(server);
        return server.listen(() -> {
            RecordingHandler handler = new RecordingHandler();
            accepted.add(handler);
            return handler;
        });
    }

    private NettyTransport transport(NetworkSettings.Security security) {
        NettyTransport transport = new NettyTransport(
                NetworkSettings.of(ANY_PORT, security)
                        .withLimits(new NetworkSettings.Limits(10_000, 10_000, 64, 100, 1)),
                clock);
        transports.add(transport);
        return transport;
    }

    private static RecordingHandler connect(NettyTransport from, Endpoint to) {
        RecordingHandler handler = new RecordingHandler();
        from.connect(to, handler);
        return handler;
    }

    private static boolean opens(NettyTransport from, Endpoint to) {
        RecordingHandler handler = connect(from, to);
        Waiting.until(() -> handler.isOpened() || handler.isClosed());
        return handler.isOpened();
    }

    private static Tokens tokens(String secret) {
        Tokens.Token token = new Tokens.Token(secret);
        return new Tokens(token, List.of(token));
    }

    private static Socket dial(Endpoint to) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** All bytes up to the end of the stream; a reset is an end. */
    private static byte[] everythingFrom(Socket socket) throws Exception {
        InputStream in = socket.getInputStream();
        List<Byte> all = new ArrayList<>();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.add((byte) next);
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        byte[] bytes = new byte[all.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = all.get(i);
        }
        return bytes;
    }
}
