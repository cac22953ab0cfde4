package dev.holdfast.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.ObjectStore.Listed;
import dev.holdfast.engine.env.ObjectStoreConformance;
import dev.holdfast.testkit.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The S3 store against a real HTTP server. */
class S3ObjectStoreTest extends ObjectStoreConformance {
    /** A key that the store does not take, and so does not list. */
    private static final String NOT_OURS = "not ours";

    @TempDir
    private static Path directory;

    private static S3Server server;
    private static SecondClient client;
    private static int places;

    @BeforeAll
    static void startServer() {
        server = S3Server.start(directory);
        client = new SecondClient(server, "");
    }

    @AfterAll
    static void stopServer() throws Exception {
        client.close();
        server.close();
    }

    /** After each test, another client must find the same in the bucket: the same keys in the same order, sizes and bytes. */
    @AfterEach
    void anotherClientFindsTheSame() throws Exception {
        SecondClient other = client.below("jobs/place-" + places + "/");
        List<Listed> objects = new ArrayList<>();
        List<Listed> page;
        do {
            page = store.list("", objects.isEmpty() ? null : objects.getLast().key(), 1_000);
            objects.addAll(page);
        } while (page.size() == 1_000);

        assertThat(other.list("", null, 1_000).stream().filter(object -> !NOT_OURS.equals(object.key())))
                .containsExactlyElementsOf(objects);
        for (Listed object : objects) {
            assertThat(Arrays.equals(other.get(object.key()), store.get(object.key())))
                    .as("same bytes of '%s'", object.key())
                    .isTrue();
        }
    }

    @Override
    protected ObjectStore openEmpty() {
        places++;
        return openAgain();
    }

    @Override
    protected ObjectStore openAgain() {
        return ObjectStores.open(settings("/jobs/place-" + places));
    }

    @Test
    void objectsLieBelowThePrefix() {
        store.put("a/b", text("x"));

        assertThat(directory.resolve("holdfast/jobs/place-" + places + "/a/b")).hasContent("x");
        try (ObjectStore whole = ObjectStores.open(settings(""))) {
            assertThat(whole.list("jobs/place-" + places + "/", null, 10))
                    .containsExactly(new Listed("jobs/place-" + places + "/a/b", 1));
        }
    }

    @Test
    void keepsToItsPrefix() {
        try (ObjectStore neighbour = ObjectStores.open(settings("/jobs/place-" + places + "x"))) {
            neighbour.put("a", text("not ours"));

            assertThat(store.list("", null, 10)).isEmpty();
            assertThat(store.get("a")).isNull();
        }
    }

    @Test
    void largeObjectsGoInParts(@TempDir Path files) throws IOException {
        // Six parts of 16 MB and a short one.
        byte[] bytes = new byte[(96 << 20) + 12_345];
        new Random(2).nextBytes(bytes);
        Content content = fileOf(files.resolve("large"), bytes);

        assertThat(store.putIfAbsent("runs/large", content)).isTrue();
        assertThat(store.putIfAbsent("runs/large", fileOf(files.resolve("other"), new byte[bytes.length])))
                .isFalse();
        assertThat(Arrays.equals(store.get("runs/large"), bytes)).isTrue();

        store.put("runs/large", fileOf(files.resolve("third"), new byte[64 << 20]));
        assertThat(store.list("", null, 10)).containsExactly(new Listed("runs/large", 64 << 20));
        assertThat(leftParts()).isEmpty();
    }

    @Test
    void ofRacingLargeCreatesExactlyOneWins(@TempDir Path files) throws IOException {
        for (int race = 0; race < 3; race++) {
            String key = "race/" + race;
            byte[][] contents = new byte[3][64 << 20];
            Content[] racing = new Content[3];
            for (int racer = 0; racer < 3; racer++) {
                Arrays.fill(contents[racer], (byte) ('a' + racer));
                racing[racer] = Content.of(contents[racer]);
            }
            List<Boolean> won = inParallel(List.of(
                    () -> store.putIfAbsent(key, racing[0]),
                    () -> store.putIfAbsent(key, racing[1]),
                    () -> store.putIfAbsent(key, racing[2])));

            assertThat(won).containsOnlyOnce(true);
            assertThat(Arrays.equals(store.get(key), contents[won.indexOf(true)]))
                    .isTrue();
        }
        assertThat(leftParts()).isEmpty();
    }

    @Test
    void passesOverWhatOthersKeepInTheBucket() throws IOException {
        store.put("a", text("x"));
        Files.writeString(directory.resolve("holdfast/jobs/place-" + places + "/" + NOT_OURS), "x");

        assertThat(store.list("", null, 1)).containsExactly(new Listed("a", 1));
        assertThat(store.list("", null, 10)).containsExactly(new Listed("a", 1));
    }

    @Test
    void saysWhereItIs() {
        assertThat(store.describe()).isEqualTo("s3://holdfast/jobs/place-" + places + " at " + server.endpoint());
    }

    private static List<Path> leftParts() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            // S3Proxy keeps uploads in files whose first part begins so.
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/.mpus-")
                            || file.toString().contains("/.s3proxy-mpu-stub-"))
                    .toList();
        }
    }

    private static StoreSettings settings(String prefix) {
        return StoreSettings.of(URI.create("s3://" + server.bucket() + prefix))
                .withEndpoint(server.endpoint())
                .withKeyPair(server.accessKey(), server.secretKey());
    }
}
