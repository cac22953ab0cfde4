package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void commandLineCountsBeforeEnvironmentAndEnvironmentBeforeFile() {
        Map<String, String> merged = Configuration.merge(
                Map.of("parallelism", "1"),
                Map.of("HOLDFAST_PARALLELISM", "2", "HOLDFAST_JOB_NAME", "from-environment"),
                Map.of("parallelism", "3", "job.name", "from-file", "job.id", "of-file"));

        assertThat(merged).isEqualTo(Map.of("parallelism", "1", "job.name", "from-environment", "job.id", "of-file"));
    }

    @Test
    void namesNearestVariableOfTheEnvironment() {
        assertThatThrownBy(() -> Configuration.merge(Map.of(), Map.of("HOLDFAST_PARALELISM", "2"), Map.of()))
                .hasMessage(
                        "HF-CFG-001: there is no setting 'HOLDFAST_PARALELISM' (variable of the environment). Did you"
                                + " mean HOLDFAST_PARALLELISM?");
    }

    @Test
    void namesNearestSettingOfAFile() {
        assertThatThrownBy(() -> Configuration.merge(Map.of(), Map.of(), Map.of("checkpoint.retaned", "2")))
                .hasMessage("HF-CFG-001: there is no setting 'checkpoint.retaned' (file of settings). Did you mean"
                        + " checkpoint.retained?");
    }

    @Test
    void passesOverWhatKubernetesPutsIntoTheEnvironment() {
        Map<String, String> environment = Map.of(
                "HOLDFAST_OPERATOR_SERVICE_HOST", "10.0.0.1",
                "HOLDFAST_OPERATOR_SERVICE_PORT_HTTPS", "443",
                "HOLDFAST_OPERATOR_PORT", "tcp://10.0.0.1:443",
                "HOLDFAST_OPERATOR_PORT_443_TCP_ADDR", "10.0.0.1");

        assertThat(Configuration.merge(Map.of(), environment, Map.of())).isEmpty();
    }

    @Test
    void blankVariableDoesNotHideTheFile() {
        assertThat(Configuration.merge(Map.of(), Map.of("HOLDFAST_JOB_ID", ""), Map.of("job.id", "7")))
                .isEqualTo(Map.of("job.id", "7"));
    }

    @Test
    void refusesTwoValuesOnOneCommandLine() {
        Map<String, String> settings = new HashMap<>(Map.of("parallelism", "1"));
        Configuration.put(settings, "parallelism", "1");

        assertThatThrownBy(() -> Configuration.put(settings, "parallelism", "2"))
                .hasMessageStartingWith(
                        "HF-CFG-006: setting parallelism is given twice on the command line: '1' and '2'");
    }

    @Test
    void readsFileOfSettings() throws Exception {
        Path file = directory.resolve("job.properties");
        Files.writeString(file, "# a comment\njob.name = zähler\nparameter.input=/data\n");

        assertThat(Configuration.ofFile(file)).isEqualTo(Map.of("job.name", "zähler", "parameter.input", "/data"));
    }
}
