package dev.holdfast.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.coordinator.RestartStrategy.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestartStrategyTest {

    private static List<Decision> decisions(RestartStrategy strategy, long... failuresMs) {
        List<Long> history = new ArrayList<>();
        List<Decision> decisions = new ArrayList<>();
        for (long failure : failuresMs) {
            history.add(failure);
            decisions.add(strategy.decide(List.copyOf(history), 0.5));
        }
        return decisions;
    }

    private static Decision after(long delayMs) {
        return new Decision.Restart(delayMs);
    }

    @Test
    void noneGivesUpAtOnce() {
        assertThat(decisions(new RestartStrategy.None(), 0))
                .containsExactly(new Decision.GiveUp("restart strategy none: the first failure ends the job"));
    }

    @Test
    void fixedDelayRestartsAtOnceThenAfterTheDelayThenGivesUp() {
        assertThat(decisions(new RestartStrategy.FixedDelay(3, Duration.ofSeconds(2)), 0, 10, 20, 30))
                .containsExactly(
                        after(0),
                        after(2000),
                        after(2000),
                        new Decision.GiveUp("restart strategy fixed-delay: failure 4 after 3 restarts (setting "
                                + "restart.fixed-delay.attempts)"));
    }

    @Test
    void exponentialDelayGrowsToItsMaximumAndBeginsAnewAfterAQuietTime() {
        RestartStrategy strategy = new RestartStrategy.ExponentialDelay(
                Duration.ofSeconds(1), Duration.ofSeconds(5), 2, 0.1, Duration.ofSeconds(60));
        assertThat(decisions(strategy, 0, 1_000, 2_000, 3_000, 4_000, 63_999, 123_999, 124_000))
                .containsExactly(
                        after(0),
                        after(1000),
                        after(2000),
                        after(4000),
                        after(5000),
                        after(5000),
                        after(0),
                        after(1000));
        assertThat(strategy.forgets(4_000, 63_999)).isFalse();
        assertThat(strategy.forgets(4_000, 64_000)).isTrue();
    }

    @Test
    void exponentialDelayDiffersByItsJitter() {
        RestartStrategy strategy = new RestartStrategy.ExponentialDelay(
                Duration.ofSeconds(1), Duration.ofSeconds(5), 2, 0.1, Duration.ofSeconds(60));
        assertThat(strategy.decide(List.of(0L, 1L), 0)).isEqualTo(after(900));
        assertThat(strategy.decide(List.of(0L, 1L), 0.999999)).isEqualTo(after(1100));
    }

    @Test
    void exponentialDelayNeverGivesUpHoweverLongItGoesOn() {
        RestartStrategy strategy = new RestartStrategy.ExponentialDelay(
                Duration.ofSeconds(1), Duration.ofMinutes(1), 100, 0, Duration.ofHours(1));
        List<Long> history = new ArrayList<>();
        for (long i = 0; i < 5000; i++) {
            history.add(i);
        }
        assertThat(strategy.decide(history, 0.5)).isEqualTo(after(60_000));
    }

    @Test
    void failureRateCountsWithinItsInterval() {
        RestartStrategy strategy = new RestartStrategy.FailureRate(2, Duration.ofSeconds(10), Duration.ofMillis(500));
        assertThat(decisions(strategy, 0, 5_000, 10_000, 20_000, 25_000, 29_999))
                .containsExactly(
                        after(0),
                        after(500),
                        after(500),
                        after(0),
                        after(500),
                        new Decision.GiveUp(
                                "restart strategy failure-rate: 3 failures within PT10S, allowed are 2 (setting "
                                        + "restart.failure-rate.maximum-failures)"));
    }

    @Test
    void settingsNameTheStrategyAndItsValues() {
        assertThat(RestartStrategy.from(Map.of()))
                .isEqualTo(new RestartStrategy.ExponentialDelay(
                        Duration.ofSeconds(1), Duration.ofMinutes(1), 1.5, 0.1, Duration.ofHours(1)));
        assertThat(RestartStrategy.from(Map.of("restart.strategy", "none"))).isEqualTo(new RestartStrategy.None());
        assertThat(RestartStrategy.from(Map.of(
                        "restart.strategy",
                        "fixed-delay",
                        "restart.fixed-delay.attempts",
                        "7",
                        "restart.fixed-delay.delay",
                        "3s")))
                .isEqualTo(new RestartStrategy.FixedDelay(7, Duration.ofSeconds(3)));
        assertThat(RestartStrategy.from(Map.of("restart.strategy", "failure-rate")))
                .isEqualTo(new RestartStrategy.FailureRate(10, Duration.ofMinutes(10), Duration.ofSeconds(1)));
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThatThrownBy(() -> RestartStrategy.from(Map.of("restart.strategy", "sometimes")))
                .hasMessage(
                        "HF-CFG-010: there is no restart strategy 'sometimes' (setting restart.strategy). Expected one"
                                + " of none, fixed-delay, exponential-delay, failure-rate");
        assertThatThrownBy(() -> RestartStrategy.from(Map.of("restart.fixed-delay.delay", "1s")))
                .hasMessageStartingWith(
                        "HF-CFG-010: there is no setting 'restart.fixed-delay.delay' with restart.strategy = "
                                + "exponential-delay");
        assertThatThrownBy(() -> RestartStrategy.from(
                        Map.of("restart.strategy", "fixed-delay", "restart.fixed-delay.attempts", "0")))
                .hasMessage("HF-CFG-011: setting restart.fixed-delay.attempts is 0; expected 1 or more");
        assertThatThrownBy(() -> RestartStrategy.from(Map.of("restart.exponential-delay.multiplier", "0.5")))
                .hasMessage("HF-CFG-011: setting restart.exponential-delay.multiplier is 0.5; expected 1 to 100");
        assertThatThrownBy(() -> RestartStrategy.from(Map.of("restart.exponential-delay.reset-after", "30s")))
                .hasMessageContaining("restart.exponential-delay.reset-after is PT30S; expected more than")
                .hasMessageContaining("the longest delay itself would count as a quiet time");
        assertThatThrownBy(() -> RestartStrategy.from(Map.of("restart.exponential-delay.maximum", "10ms")))
                .hasMessageContaining("at least restart.exponential-delay.initial (PT1S)");
    }
}
