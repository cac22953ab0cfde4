package dev.holdfast.engine.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    @Test
    void whatIsNotSetIsTheDefault() {
        assertThat(Timeouts.from(Map.of())).isEqualTo(Timeouts.DEFAULTS);
    }

    @Test
    void eachSettingIsRead() {
        assertThat(Timeouts.from(Map.of(
                        "task.deploy-timeout", "1s",
                        "task.call-timeout", "2s",
                        "task.cancel-timeout", "3s",
                        "sink.prepare-timeout", "4s",
                        "sink.commit-timeout", "5s",
                        "source.enumerator-timeout", "6s",
                        "savepoint.timeout", "7s")))
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7)));
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> Timeouts.from(Map.of("task.cancel-timeout", "10ms")))
                .hasMessage("HF-CFG-011: setting task.cancel-timeout is 10ms; expected 1s to 7d");
        assertThatThrownBy(() -> Timeouts.from(Map.of("savepoint.timeout", "8d")))
                .hasMessageContaining("savepoint.timeout");
    }
}
