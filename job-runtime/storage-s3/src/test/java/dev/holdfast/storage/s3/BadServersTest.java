package dev.holdfast.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.StoreProbe;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.StoreException.Kind;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.storage.s3.CannedServer.Answer;
import dev.holdfast.storage.s3.CannedServer.Script;
import dev.holdfast.testkit.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whatever is wrong with a server or with the settings is named within ten seconds, so that a person can mend it. */
@Execution(ExecutionMode.CONCURRENT)
class BadServersTest {
    /** Ten seconds, and as many again twice for a machine that is busy with other builds; without limits it would be minutes. */
    private static final long LIMIT_MS = 30_000;

    @TempDir
    private Path directory;

    @Test
    void noServerOnThePort() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertFailsAtOnce(
                to("http://127.0.0.1:" + port),
                Kind.UNREACHABLE,
                "HF-STO-001: cannot create 'probe/",
                "in s3://bucket/jobs at http://127.0.0.1:" + port,
                "no server there",
                "Start it, or correct storage.endpoint");
    }

    @Test
    void aServerThatNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertFailsAtOnce(
                    to("http://127.0.0.1:" + silent.getLocalPort()),
                    Kind.UNKNOWN_OUTCOME,
                    "the server does not answer in time",
                    "Is storage.endpoint an S3 server",
                    "the write may have happened");
        }
    }

    @Test
    void aReadFromAServerThatNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ObjectStore store = ObjectStores.open(to("http://127.0.0.1:" + silent.getLocalPort()))) {
            StoreException failure = fails("read, no answer", () -> store.get("a"));

            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("cannot read 'a'").hasMessageContaining("does not answer in time");
        }
    }

    @Test
    void anInterruptEndsACall() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ObjectStore store = ObjectStores.open(to("http://127.0.0.1:" + silent.getLocalPort()))) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicBoolean stillInterrupted = new AtomicBoolean();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    store.putIfAbsent("a", Content.of(new byte[1]));
                } catch (Throwable e) {
                    failure.set(e);
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            // The server sees the request, so the caller waits for an answer.
            silent.accept().getInputStream().read();
            caller.interrupt();
            caller.join();

            // Were it the time limit that had ended the call, the text would say so.
            assertThat(failure.get())
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN_OUTCOME))
                    .hasMessageContaining("interrupted");
            assertThat(stillInterrupted).isTrue();
        }
    }

    @Test
    void anAddressThatTakesNoConnection() {
        // Reserved for documentation: nobody is there. Some networks refuse at once.
        assertFailsAtOnce(to("http://192.0.2.1:9000"), Kind.UNREACHABLE, "http://192.0.2.1:9000");
    }

    @Test
    void aNameThatDoesNotResolve() {
        assertFailsAtOnce(
                to("http://s3.nowhere.invalid"),
                Kind.UNREACHABLE,
                "the name of the server cannot be resolved: s3.nowhere.invalid",
                "Correct storage.endpoint");
    }

    @Test
    void aBucketInTheHostNameThatDoesNotResolve() {
        assertFailsAtOnce(
                to("http://s3.nowhere.invalid").withPathStyle(false),
                Kind.UNREACHABLE,
                "bucket.s3.nowhere.invalid",
                "set storage.path-style to true");
    }

    @Test
    void aBucketThatDoesNotExist() {
        try (S3Server server = S3Server.start(directory)) {
            StoreSettings settings = StoreSettings.of(URI.create("s3://no-such-bucket"))
                    .withEndpoint(server.endpoint())
                    .withKeyPair(server.accessKey(), server.secretKey());
            assertFailsAtOnce(
                    settings,
                    Kind.NO_BUCKET,
                    "HF-STO-002: ",
                    "there is no bucket 'no-such-bucket'",
                    "Create it, or correct storage",
                    "NoSuchBucket");
            try (ObjectStore store = ObjectStores.open(settings)) {
                // Not delete: S3Proxy, unlike S3, does not look for the bucket then.
                for (Runnable operation : List.<Runnable>of(
                        () -> store.get("a"),
                        () -> store.getRange("a", 0, 1),
                        () -> store.put("a", Content.of(new byte[1])),
                        () -> store.list("", null, 1))) {
                    assertThat(fails("wrong bucket", operation).kind()).isEqualTo(Kind.NO_BUCKET);
                }
            }
        }
    }

    @Test
    void aWrongSecret() {
        try (S3Server server = S3Server.start(directory)) {
            assertFailsAtOnce(
                    StoreSettings.of(URI.create("s3://holdfast"))
                            .withEndpoint(server.endpoint())
                            .withKeyPair(server.accessKey(), "wrong"),
                    Kind.BAD_CREDENTIALS,
                    "HF-STO-003: ",
                    "the secret key does not belong to the access key 'test-access-key'. Correct it");
        }
    }

    @Test
    void anUnknownAccessKey() {
        try (S3Server server = S3Server.start(directory)) {
            assertFailsAtOnce(
                    StoreSettings.of(URI.create("s3://holdfast"))
                            .withEndpoint(server.endpoint())
                            .withKeyPair("nobody", server.secretKey()),
                    Kind.BAD_CREDENTIALS,
                    "HF-STO-003: ",
                    "the server does not know the access key 'nobody'. Correct it");
        }
    }

    @Test
    void noRights() throws IOException {
        assertAnswered(
                (self, request) -> Answer.error(403, "AccessDenied"),
                Kind.DENIED,
                "HF-STO-004: ",
                "the credentials 'key' may not do this",
                "Allow s3:GetObject, PutObject, DeleteObject, ListBucket",
                "on bucket 'bucket'",
                "answer 403 AccessDenied: canned");
    }

    @Test
    void anExpiredToken() throws IOException {
        assertAnswered(
                (self, request) -> Answer.error(400, "ExpiredToken"),
                Kind.BAD_CREDENTIALS,
                "the session token has expired or is wrong. Get new credentials");
    }

    @Test
    void clocksThatDiffer() throws IOException {
        assertAnswered(
                (self, request) -> Answer.error(403, "RequestTimeTooSkewed"),
                Kind.BAD_CREDENTIALS,
                "the clocks of this machine and of the server differ by too much; the server's is at ",
                "Set the clocks");
    }

    @Test
    void aBucketInAnotherRegion() throws IOException {
        assertAnswered(
                (self, request) -> Answer.error(301, "PermanentRedirect"),
                Kind.NO_BUCKET,
                "bucket 'bucket' is not in the region that requests are signed for",
                "Set storage.region");
    }

    @Test
    void aServerWithoutCreateOnlyWrites() throws IOException {
        assertAnswered(
                (self, request) -> Answer.error(501, "NotImplemented"),
                Kind.NO_CONDITIONAL_WRITES,
                "HF-STO-009: ",
                "Create-only writes need S3 itself",
                "set storage to one");
    }

    @Test
    void aServerThatIgnoresCreateOnly() throws IOException {
        try (CannedServer server = new CannedServer((self, request) -> {
            if (request.method().equals("PUT")) {
                self.objects.remove(request.key());
            }
            return self.behave(request);
        })) {
            StoreException refusal = probe(to(server.endpoint().toString()));

            assertThat(refusal.kind()).isEqualTo(Kind.NO_CONDITIONAL_WRITES);
            assertThat(refusal)
                    .hasMessageStartingWith("HF-STO-009: s3://bucket/jobs at http://127.0.0.1:")
                    .hasMessageContaining("created an object that was there already")
                    .hasMessageContaining("Set storage to a store that decides create-only writes");
        }
    }

    @Test
    void aServerThatIsNotS3() throws IOException {
        byte[] page = "<html><body>It works!</body></html>".getBytes(StandardCharsets.UTF_8);
        for (int status : new int[] {404, 405, 400}) {
            assertAnswered(
                    (self, request) -> Answer.of(status, page), Kind.UNREACHABLE, "S3 server", "storage.endpoint");
        }
        try (CannedServer server = new CannedServer((self, request) -> Answer.of(404, page));
                ObjectStore store = ObjectStores.open(to(server.endpoint().toString()))) {
            assertThat(fails("get, no S3", () -> store.get("a")).kind()).isEqualTo(Kind.UNREACHABLE);
        }
        try (CannedServer server = new CannedServer((self, request) -> Answer.of(200, page));
                ObjectStore store = ObjectStores.open(to(server.endpoint().toString()))) {
            assertThat(fails("list, no S3", () -> store.list("", null, 1)).kind())
                    .isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void aServerThatAsksToSlowDownForAWhile() throws IOException {
        try (CannedServer server = new CannedServer((self, request) ->
                        request.number() < 3 ? Answer.error(503, "SlowDown") : self.behave(request));
                ObjectStore store = ObjectStores.open(to(server.endpoint().toString()))) {
            assertThat(store.putIfAbsent("a", Content.of(new byte[1]))).isTrue();
            assertThat(server.requests).hasSize(4);
        }
    }

    @Test
    void aServerThatAlwaysAsksToSlowDown() throws IOException {
        assertAnswered(
                (self, request) -> Answer.error(503, "SlowDown"),
                Kind.BUSY,
                "HF-STO-007: ",
                " tries)",
                "the server asks for fewer requests",
                "Lengthen the checkpoint interval");
    }

    @Test
    void aServerThatFails() throws IOException {
        assertAnswered(
                (self, request) -> Answer.error(500, "InternalError"),
                Kind.UNKNOWN_OUTCOME,
                "HF-STO-008: ",
                "the server failed. Look at its logs",
                "the write may have happened, or may still happen");
    }

    @Test
    void anAnswerThatBreaksOff() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        byte[] bytes = new byte[1000];
        try (CannedServer server = new CannedServer((self, request) -> answers.incrementAndGet() < 3
                        ? Answer.of(200, new byte[500]).promising(1000)
                        : Answer.of(200, bytes));
                ObjectStore store = ObjectStores.open(to(server.endpoint().toString()))) {
            assertThat(store.get("a")).hasSize(1000);
            assertThat(answers).hasValue(3);
        }
        try (CannedServer server = new CannedServer(
                        (self, request) -> Answer.of(200, new byte[500]).promising(1000));
                ObjectStore store = ObjectStores.open(to(server.endpoint().toString()))) {
            StoreException failure = fails("truncated answer", () -> store.get("a"));

            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("the connection broke");
        }
    }

    @Test
    void aServerThatIgnoresRanges() throws IOException {
        try (CannedServer server = new CannedServer((self, request) -> Answer.of(200, new byte[1000]));
                ObjectStore store = ObjectStores.open(to(server.endpoint().toString()))) {
            assertThat(fails("range ignored", () -> store.getRange("a", 10, 5)))
                    .hasMessageContaining("asked for a range of 5 bytes, got 1000")
                    .hasMessageContaining("drop the Range header");
        }
    }

    @Test
    void aKeyThatMayNotBeDeleted() throws IOException {
        String answer =
                "<DeleteResult><Error><Key>jobs/b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>";
        try (CannedServer server =
                        new CannedServer((self, request) -> Answer.of(200, answer.getBytes(StandardCharsets.UTF_8)));
                ObjectStore store = ObjectStores.open(to(server.endpoint().toString()))) {
            StoreException failure = fails("delete denied", () -> store.delete(List.of("a", "b", "c")));

            assertThat(failure.kind()).isEqualTo(Kind.DENIED);
            assertThat(failure)
                    .hasMessageContaining("cannot delete 'a' and 2 more, up to 'c'")
                    .hasMessageContaining("key 'jobs/b': no");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void onlyKeysThatFailedAreDeletedAgain() throws IOException {
        String failed =
                "<DeleteResult><Error><Key>jobs/b</Key><Code>InternalError</Code><Message>oops</Message></Error></DeleteResult>";
        try (CannedServer server = new CannedServer((self, request) -> Answer.of(
                        200, (request.number() == 0 ? failed : "<DeleteResult/>").getBytes(StandardCharsets.UTF_8)));
                ObjectStore store = ObjectStores.open(to(server.endpoint().toString()))) {
            store.delete(List.of("a", "b", "c"));

            assertThat(server.requests).hasSize(2);
            assertThat(new String(server.requests.get(1).body(), StandardCharsets.UTF_8))
                    .contains("<Key>jobs/b</Key>")
                    .doesNotContain("jobs/a");
        }
    }

    @Test
    void certificatesThatNobodyVouchesFor() throws Exception {
        Path certificate = directory.resolve("ca.pem");
        try (CannedServer server =
                new CannedServer(httpsServer(certificate), (self, request) -> self.behave(request))) {
            StoreSettings settings = to("https://127.0.0.1:" + server.port());
            assertFailsAtOnce(
                    settings,
                    Kind.UNREACHABLE,
                    "the certificate of the server is not trusted",
                    "Set storage.ca-file to the certificate of its authority");

            try (ObjectStore store = ObjectStores.open(settings.withCaFile(certificate))) {
                assertThat(store.putIfAbsent("a", Content.of(new byte[3]))).isTrue();
                assertThat(store.get("a")).hasSize(3);
            }
            assertFailsAtOnce(
                    to("https://localhost:" + server.port()).withCaFile(certificate),
                    Kind.UNREACHABLE,
                    "the certificate of the server is for another name",
                    "Correct storage.endpoint");
        }
    }

    @Test
    void tlsToAServerWithoutIt() {
        try (S3Server server = S3Server.start(directory)) {
            assertFailsAtOnce(
                    to("https://127.0.0.1:" + server.port()),
                    Kind.UNREACHABLE,
                    "the server does not speak TLS. Does storage.endpoint have to begin with http://?");
        }
    }

    @Test
    void noTlsToAServerWithIt() throws Exception {
        try (CannedServer server =
                new CannedServer(httpsServer(directory.resolve("ca.pem")), (self, request) -> Answer.of(200))) {
            StoreException failure = probe(to("http://127.0.0.1:" + server.port()));

            assertThat(failure.kind()).isIn(Kind.UNREACHABLE, Kind.UNKNOWN_OUTCOME);
            assertThat(failure).hasMessageContaining("the connection broke");
        }
    }

    @Test
    void aCaFileThatCannotBeUsed() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n");
        for (Path file : List.of(directory.resolve("none.pem"), empty, nonsense)) {
            HoldfastException refusal = failsWith(
                    HoldfastException.class,
                    () -> ObjectStores.open(to("https://localhost").withCaFile(file)));
            assertThat(refusal.code()).isEqualTo("HF-STO-025");
            assertThat(refusal).hasMessageContaining(file.toString()).hasMessageContaining("BEGIN CERTIFICATE");
        }
    }

    @Test
    void aGoodServerPassesTheProbe() throws Exception {
        try (S3Server server = S3Server.start(directory);
                ObjectStore store = ObjectStores.open(StoreSettings.of(URI.create("s3://holdfast/jobs"))
                        .withEndpoint(server.endpoint())
                        .withKeyPair(server.accessKey(), server.secretKey()))) {
            StoreProbe.check(env(store));
            assertThat(store.list("", null, 1)).isEmpty();
        }
    }

    private void assertAnswered(Script script, Kind kind, String... texts) throws IOException {
        try (CannedServer server = new CannedServer(script)) {
            assertFailsAtOnce(to(server.endpoint().toString()), kind, texts);
        }
    }

    private void assertFailsAtOnce(StoreSettings settings, Kind kind, String... texts) {
        StoreException failure = probe(settings);
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        for (String text : texts) {
            assertThat(failure).hasMessageContaining(text);
        }
    }

    private StoreException probe(StoreSettings settings) {
        try (ObjectStore store = ObjectStores.open(settings)) {
            Env env = env(store);
            return fails("probe of " + settings.describe(), () -> {
                try {
                    StoreProbe.check(env);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private Env env(ObjectStore store) {
        return HostEnv.of(directory.resolve("local"), store);
    }

    private static StoreException fails(String what, Runnable operation) {
        long startNs = System.nanoTime();
        StoreException failure = failsWith(StoreException.class, operation);
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
        assertThat(tookMs).as("%s: %s", what, failure.getMessage()).isLessThan(LIMIT_MS);
        if (Boolean.getBoolean("holdfast.print-errors")) {
            System.out.printf("%5d ms  %s%n", tookMs, failure.getMessage());
        }
        return failure;
    }

    private static <E extends Exception> E failsWith(Class<E> type, Runnable operation) {
        try {
            operation.run();
        } catch (Exception e) {
            assertThat(e).isInstanceOf(type);
            return type.cast(e);
        }
        throw new AssertionError("expected a failure");
    }

    private static StoreSettings to(String endpoint) {
        return StoreSettings.of(URI.create("s3://bucket/jobs"))
                .withEndpoint(URI.create(endpoint))
                .withKeyPair("key", "secret");
    }

    /** A server with a certificate of its own for 127.0.0.1, which it also writes to a file. */
    private HttpsServer httpsServer(Path certificate) throws Exception {
        Path keys = directory.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-keystore",
                keys.toString(),
                "-storepass",
                "password");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "server",
                "-file",
                certificate.toString(),
                "-keystore",
                keys.toString(),
                "-storepass",
                "password");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "password".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "password".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create();
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
