package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The server itself. That it behaves like S3 is tested where a client is: in the module of the S3 store. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3ServerTest {
    @TempDir
    private Path directory;

    @Test
    void answersOnceItStarted() throws Exception {
        try (S3Server server = S3Server.start(directory)) {
            assertThat(server.endpoint()).hasHost("127.0.0.1").hasPort(server.port());
            assertThat(statusOf(server.endpoint())).isEqualTo(403);
        }
    }

    @Test
    void keepsObjectsOverARestart() throws Exception {
        S3Server.start(directory).close();
        Files.writeString(directory.resolve("holdfast/kept"), "x");

        S3Server.start(directory).close();

        assertThat(directory.resolve("holdfast/kept")).hasContent("x");
    }

    @Test
    void removesHalfObjectsOfADeadServer() throws Exception {
        Path bucket = Files.createDirectories(directory.resolve("holdfast/log"));
        Path half = Files.writeString(bucket.resolve("1-" + UUID.randomUUID()), "x");
        Path hold = Files.writeString(bucket.resolve(".mpus-hold-" + UUID.randomUUID()), "");
        Path whole = Files.writeString(bucket.resolve("1"), "x");

        S3Server.start(directory).close();

        assertThat(half).doesNotExist();
        assertThat(hold).doesNotExist();
        assertThat(whole).exists();
    }

    @Test
    void hidesObjectsWhileTheyGrow() throws Exception {
        Path root = directory.toRealPath();
        ExactBlobStore store = new ExactBlobStore(new FilesystemNio2BlobStore(root.toString()), root);
        store.createContainer("bucket");
        List<String> whileGrowing = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        InputStream content = new InputStream() {
            @Override
            public int read() throws IOException {
                if (whileGrowing.isEmpty()) {
                    try (var paths = Files.list(root.resolve("bucket/a"))) {
                        files.addAll(paths.toList());
                    }
                    store.list(ListObjectsV2Request.builder().bucket("bucket").build())
                            .contents()
                            .forEach(object -> whileGrowing.add(object.key()));
                    whileGrowing.add("end of the listing");
                    return 'x';
                }
                return -1;
            }
        };

        store.putBlob(
                PutObjectRequest.builder()
                        .bucket("bucket")
                        .key("a/b")
                        .contentLength(1L)
                        .build(),
                content);

        assertThat(files).as("what the listing has to hide").isNotEmpty();
        assertThat(whileGrowing).containsExactly("end of the listing");
        assertThat(store.list(ListObjectsV2Request.builder().bucket("bucket").build())
                        .contents())
                .extracting(object -> object.key())
                .containsExactly("a/b");
        try (var paths = Files.list(root.resolve("bucket/a"))) {
            assertThat(paths).hasSize(1);
        }
    }

    @Test
    void refusesKeysThatItWouldHide() throws Exception {
        Path root = directory.toRealPath();
        ExactBlobStore store = new ExactBlobStore(new FilesystemNio2BlobStore(root.toString()), root);
        store.createContainer("bucket");

        assertThatThrownBy(() -> store.putBlob(
                        PutObjectRequest.builder()
                                .bucket("bucket")
                                .key("part-" + UUID.randomUUID())
                                .build(),
                        InputStream.nullInputStream()))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("cannot keep keys that end in '-' and a UUID");
    }

    @Test
    void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            S3Server.Options options = new S3Server.Options(directory, taken.getLocalPort(), "bucket", "a", "s");
            assertThatThrownBy(() -> S3Server.start(options))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot serve S3 from " + directory + " on port " + taken.getLocalPort());
        }
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3Server.Options(directory, 70_000, "bucket", "a", "s"))
                .withMessage("port is 70000. Expected 0 (for a free one) to 65535");
        assertThatIllegalArgumentException().isThrownBy(() -> new S3Server.Options(directory, 0, "bucket", "", "s"));
    }

    @Test
    void runsAsAProcessUntilItsInputCloses() throws Exception {
        Process process = process("--directory", directory.toString(), "--until-stdin-closes");
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        URI endpoint = URI.create(out.readLine());
        assertThat(statusOf(endpoint)).isEqualTo(403);

        process.getOutputStream().close();

        assertThat(process.waitFor()).isZero();
        assertThat(out.readLine()).as("nothing else is printed").isNull();
        assertThat(process.errorReader(StandardCharsets.UTF_8).readLine()).isNull();
        assertThatThrownBy(() -> new Socket("127.0.0.1", endpoint.getPort()).close())
                .isInstanceOf(IOException.class);
    }

    @Test
    void explainsItsArguments() throws Exception {
        assertRefused("--directory is missing");
        assertRefused("there is no option '--dir'", "--dir", "x");
        assertRefused("--port has no value", "--directory", "x", "--port");
        assertRefused("--port is 'many'. Expected a number", "--directory", "x", "--port", "many");
    }

    private void assertRefused(String text, String... arguments) throws Exception {
        Process process = process(arguments);
        String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(error).startsWith(text + "\nusage: S3Server --directory");
    }

    private Process process(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                S3Server.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(directory.toFile()).start();
    }

    private static int statusOf(URI endpoint) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(endpoint).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
