package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckpointSettingsTest {

    private static void refused(String name, String value, String text) {
        assertThatThrownBy(() -> CheckpointSettings.from(Map.of(name, value))).hasMessage(text);
    }

    @Test
    void whereNothingIsSetTheDefaultsHold() {
        assertThat(CheckpointSettings.from(Map.of("parallelism", "2"))).isEqualTo(CheckpointSettings.DEFAULTS);
    }

    @Test
    void everySettingIsRead() {
        assertThat(CheckpointSettings.from(Map.of(
                        "checkpoint.interval", "1s",
                        "checkpoint.timeout", "2m",
                        "checkpoint.minimum-pause", "500ms",
                        "checkpoint.maximum-concurrent", "1",
                        "checkpoint.tolerable-failures", "5",
                        "checkpoint.retained", "4",
                        "checkpoint.retain-on-cancel", "false",
                        "checkpoint.restore-older-when-damaged", "true")))
                .isEqualTo(new CheckpointSettings(
                        Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofMillis(500), 1, 5, 4, false, true));
    }

    @Test
    void eachWrongValueIsNamedWithWhatIsExpected() {
        refused("checkpoint.interval", "1ms", "HF-CFG-011: setting checkpoint.interval is 1ms; expected 10ms to 7d");
        refused("checkpoint.timeout", "8d", "HF-CFG-011: setting checkpoint.timeout is 8d; expected 10ms to 7d");
        refused(
                "checkpoint.maximum-concurrent",
                "0",
                "HF-CFG-011: setting checkpoint.maximum-concurrent is 0; expected 1 to 16");
        refused("checkpoint.retained", "0", "HF-CFG-011: setting checkpoint.retained is 0; expected 1 to 1000");
        refused(
                "checkpoint.retained",
                "5000000000",
                "HF-CFG-011: setting checkpoint.retained is 5000000000; expected a number of 32 bits");
        refused(
                "checkpoint.tolerable-failures",
                "-1",
                "HF-CFG-011: setting checkpoint.tolerable-failures is -1; expected 0 to 2147483647");
        assertThatThrownBy(() -> CheckpointSettings.from(Map.of("checkpoint.interval", "soon")))
                .hasMessageContaining("HF-PAR-002: parameter 'checkpoint.interval' is 'soon'; expected a duration");
        assertThatThrownBy(() -> CheckpointSettings.from(Map.of("checkpoint.retain-on-cancel", "yes")))
                .hasMessageContaining("'checkpoint.retain-on-cancel' is 'yes'; expected true or false");
    }

    @Test
    void aNameThatDoesNotExistIsNamedWithThoseThatDo() {
        assertThatThrownBy(() -> CheckpointSettings.from(Map.of("checkpoint.intervall", "1s")))
                .hasMessageStartingWith(
                        "HF-CFG-010: there is no setting 'checkpoint.intervall'. The settings of checkpoints "
                                + "are [checkpoint.interval, ");
    }

    @Test
    void aPauseWithSeveralAtOnceIsRefused() {
        assertThatThrownBy(() -> CheckpointSettings.from(
                        Map.of("checkpoint.maximum-concurrent", "2", "checkpoint.minimum-pause", "1s")))
                .hasMessageStartingWith("HF-CFG-012: settings checkpoint.maximum-concurrent = 2 and "
                        + "checkpoint.minimum-pause = 1s contradict each other")
                .hasMessageContaining("Set one of them to its default (1, 0ms)");
    }
}
