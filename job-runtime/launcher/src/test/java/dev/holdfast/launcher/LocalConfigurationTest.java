package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.storage.s3.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void takesDefaultsOfEngineAndStoreWhereNothingIsSet() {
        LocalConfiguration configuration = with(Map.of());

        assertThat(configuration.job().root()).hasToString("default/word-count/local");
        assertThat(configuration.coordination().parallelism()).isEqualTo(1);
        assertThat(configuration.job().maxParallelism()).isEqualTo(128);
        assertThat(configuration.memory().stateBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
        assertThat(configuration.coordination().checkpoint()).isEqualTo(CheckpointSettings.DEFAULTS);
        assertThat(configuration.coordination().restart()).isEqualTo(RestartStrategy.from(Map.of()));
        assertThat(configuration.job().storage().limits()).isEqualTo(StoreSettings.Limits.DEFAULT);
        assertThat(configuration.coordination().restore()).isEqualTo(new RestoreRequest.Latest());
        assertThat(configuration.coordination().savepointOnStop()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "64k, 65536", "64K, 65536", "512m, 536870912", "512Mi, 536870912", "2 GB, 2147483648"})
    void readsSizes(String text, long bytes) {
        assertThat(new Typed(Map.of("state.memory", text)).sizeBytes("state.memory"))
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "state.memory, lots, a size such as 64m",
        "state.memory, 0m, a size such as 64m",
        "state.memory, 99999999999t, a size such as 64m",
        "parallelism, 0, 1 or more",
        "parallelism, two, a whole number",
        "parallelism, 99999999999, 1 to 2147483647",
        "restore.ignore-state, yes, true or false",
        "progress.interval, 1ms, 10ms or more",
        "progress.interval, soon, a duration such as",
    })
    void namesBadValues(String name, String value, String expected) {
        assertThatThrownBy(() -> with(Map.of(name, value)))
                .hasMessageStartingWith("HF-CFG-003: setting " + name + " is '" + value + "'; expected " + expected);
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.WordCount, word-count",
        "Jobs$HTTPLogs, http-logs",
        "Top10, top10",
        "acme.x, x",
    })
    void namesJobAfterItsProgram(String program, String name) {
        assertThat(JobNames.ofProgram(program)).isEqualTo(name);
    }

    @Test
    void namesJobNameThatCannotBePartOfAKey() {
        assertThatThrownBy(() -> with(Map.of("job.name", "a b")))
                .hasMessageStartingWith("HF-CFG-003: job 'a b' cannot be part of a key");
        assertThatThrownBy(() -> with(Map.of("stop.savepoint", "../x")))
                .hasMessageStartingWith("HF-CFG-003: savepoint '../x' cannot be part of a key");
    }

    @Test
    void readsParametersOfTheProgram() {
        assertThat(with(Map.of("parameter.input", "/data", "parameter.a.b", "c"))
                        .job()
                        .parameters()
                        .asMap())
                .isEqualTo(Map.of("input", "/data", "a.b", "c"));
    }

    @Test
    void readsWhatToStartFrom() {
        assertThat(with(Map.of("restore.from-checkpoint", "12")).coordination().restore())
                .isEqualTo(new RestoreRequest.Checkpoint(12));
        assertThat(with(Map.of("restore.from-savepoint", "v1")).coordination().restore())
                .isEqualTo(new RestoreRequest.Savepoint("v1"));
        assertThat(with(Map.of("restore.ignore-state", "true")).coordination().restore())
                .isEqualTo(new RestoreRequest.Nothing());
    }

    @Test
    void readsSecretsFromFiles() throws Exception {
        Path access = Files.writeString(directory.resolve("access"), "AK\n");
        Path secret = Files.writeString(directory.resolve("secret"), "SK\n");

        LocalConfiguration configuration = with(Map.of(
                "storage", "s3://bucket/jobs",
                "storage.access-key-file", access.toString(),
                "storage.secret-key-file", secret.toString()));

        assertThat(configuration.job().storage().credentials())
                .isEqualTo(new StoreSettings.Credentials.KeyPair("AK", "SK", null));
    }

    @Test
    void refusesSecretThatIsGivenTwiceOrCannotBeRead() {
        assertThatThrownBy(() -> with(Map.of("storage.access-key-file", "/no/such", "storage.access-key", "AK")))
                .hasMessageStartingWith("HF-CFG-006: both storage.access-key and storage.access-key-file are set");
        assertThatThrownBy(() -> with(Map.of("storage.access-key-file", "/no/such")))
                .hasMessageStartingWith(
                        "HF-CFG-004: file of setting storage.access-key-file '/no/such' cannot be read");
    }

    private static LocalConfiguration with(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(Map.of("program", "com.acme.WordCount", "storage", "file:///tmp/bucket"));
        settings.putAll(more);
        return LocalConfiguration.of(settings);
    }
}
