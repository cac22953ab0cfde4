package dev.holdfast.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.storage.directory.DirectoryObjectStore;
import dev.holdfast.storage.s3.StoreSettings.Credentials;
import dev.holdfast.storage.s3.StoreSettings.Limits;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSettingsTest {

    @Test
    void readsAllSettings() {
        StoreSettings settings = StoreSettings.parse(Map.ofEntries(
                Map.entry("storage", "s3://my-bucket/jobs/prod/"),
                Map.entry("storage.endpoint", "https://minio.example:9000"),
                Map.entry("storage.region", "eu-west-1"),
                Map.entry("storage.path-style", "false"),
                Map.entry("storage.access-key", "AK"),
                Map.entry("storage.secret-key", "SK"),
                Map.entry("storage.session-token", "ST"),
                Map.entry("storage.ca-file", "/etc/ca.pem"),
                Map.entry("storage.connect-timeout-ms", "1"),
                Map.entry("storage.attempt-timeout-ms", "2"),
                Map.entry("storage.call-timeout-ms", "3"),
                Map.entry("storage.max-attempts", "4"),
                Map.entry("checkpoint.interval", "1s")));

        assertThat(settings)
                .isEqualTo(new StoreSettings(
                        URI.create("s3://my-bucket/jobs/prod/"),
                        URI.create("https://minio.example:9000"),
                        "eu-west-1",
                        false,
                        new Credentials.KeyPair("AK", "SK", "ST"),
                        Path.of("/etc/ca.pem"),
                        new Limits(1, 2, 3, 4)));
        assertThat(settings.bucket()).isEqualTo("my-bucket");
        assertThat(settings.keyPrefix()).isEqualTo("jobs/prod/");
    }

    @Test
    void onePlaceIsEnough() {
        assertThat(StoreSettings.parse(Map.of("storage", "s3://bucket", "storage.region", " ")))
                .isEqualTo(StoreSettings.of(URI.create("s3://bucket")))
                .extracting(StoreSettings::keyPrefix)
                .isEqualTo("");
    }

    @Test
    void endpointsHaveThePathStyleUnlessSaidOtherwise() {
        assertThat(StoreSettings.parse(Map.of("storage", "s3://bucket", "storage.endpoint", "http://localhost:1")))
                .isEqualTo(StoreSettings.of(URI.create("s3://bucket")).withEndpoint(URI.create("http://localhost:1")))
                .extracting(StoreSettings::pathStyle)
                .isEqualTo(true);
    }

    @Test
    void textsHoldNoSecrets() {
        StoreSettings settings = StoreSettings.of(URI.create("s3://bucket")).withKeyPair("AK", "hush");

        assertThat(settings.toString()).contains("AK").doesNotContain("hush");
        assertThat(settings.describe()).doesNotContain("AK");
    }

    @Test
    void opensDirectories(@TempDir Path directory) {
        try (ObjectStore store = ObjectStores.open(URI.create("file://" + directory + "/a b".replace(" ", "%20")))) {
            assertThat(store).isInstanceOf(DirectoryObjectStore.class);
            assertThat(store.describe()).isEqualTo("directory " + directory + "/a b");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        HF-STO-020 | /var/lib/holdfast           | Expected s3://bucket/prefix or file:///directory
        HF-STO-020 | gs://bucket                 | Expected s3://bucket/prefix or file:///directory
        HF-STO-020 | s3:bucket                   | Expected s3://bucket/prefix
        HF-STO-020 | s3://bucket/a?versions      | nothing after it
        HF-STO-020 | file://host/directory       | absolute directory after three slashes
        HF-STO-020 | file:directory              | absolute directory after three slashes
        HF-STO-020 | s3://bucket/a b             | which is no address
        HF-STO-021 | s3:///prefix                | its bucket ''
        HF-STO-021 | s3://My_Bucket/prefix       | its bucket 'My_Bucket'. Expected a bucket of 3 to 63 lower-case letters
        HF-STO-021 | s3://ab/prefix              | its bucket 'ab'
        HF-STO-021 | s3://key:secret@bucket/x    | its bucket
        HF-STO-021 | s3://bucket:9000/x          | its bucket 'bucket:9000'
        HF-STO-022 | s3://bucket/a//b            | its prefix 'a//b'
        HF-STO-022 | s3://bucket/../b            | its prefix '../b'
        HF-STO-022 | s3://bucket/a%20b           | its prefix 'a b'
        """)
    void refusesPlacesThatAreNone(String code, String storage, String text) {
        assertRefused(Map.of("storage", storage), code, text);
    }

    @Test
    void refusesAPrefixThatLeavesNoRoomForKeys() {
        assertRefused(
                Map.of("storage", "s3://bucket/" + "p".repeat(124)), "HF-STO-022", "124 characters. The most is 123");
    }

    @Test
    void refusesToGuessThePlace() {
        assertRefused(Map.of(), "HF-STO-020", "storage is not set. Set it to s3://bucket/prefix or file:///directory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:9000", "ftp://localhost", "http://", "http://localhost/bucket", "http://me@localhost"
            })
    void refusesEndpointsThatAreNone(String endpoint) {
        assertRefused(
                Map.of("storage", "s3://bucket", "storage.endpoint", endpoint),
                "HF-STO-023",
                "storage.endpoint is '" + endpoint + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "storage.access-key, storage.secret-key is not set, but storage.access-key is",
        "storage.secret-key, storage.access-key is not set, but storage.secret-key is",
        "storage.session-token, storage.access-key is not set, but storage.session-token is",
    })
    void refusesHalfAKeyPair(String name, String missing, String given) {
        assertRefused(Map.of("storage", "s3://bucket", name, "x"), "HF-STO-024", missing + ", " + given);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        storage.path-style         | yes  | storage.path-style is 'yes'. Expected true or false
        storage.max-attempts       | many | storage.max-attempts is 'many'. Expected a whole number
        storage.max-attempts       | 0    | storage.max-attempts 0. All must be at least 1
        storage.call-timeout-ms    | 100  | each time at least as long as the one before
        storage.connect-timeout-ms | 5000 | each time at least as long as the one before
        storage.acess-key          | x    | there is no setting storage.acess-key
        """)
    void refusesValuesThatMakeNoSense(String name, String value, String text) {
        assertRefused(Map.of("storage", "s3://bucket", name, value), "HF-STO-026", text);
    }

    @Test
    void refusesSettingsThatADirectoryHasNoUseFor() {
        assertRefused(
                Map.of("storage", "file:///d", "storage.region", "eu-west-1"), "HF-STO-028", "storage is file:///d");
    }

    private static void assertRefused(Map<String, String> settings, String code, String text) {
        assertThatThrownBy(() -> StoreSettings.parse(new HashMap<>(settings)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageStartingWith(code + ": ")
                .hasMessageContaining(text);
    }
}
