package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.audit.Coverage;
import dev.holdfast.simulation.run.Lives;
import dev.holdfast.simulation.run.Report;
import dev.holdfast.simulation.run.Tally;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.LogManager;
import org.junit.jupiter.api.Test;

/** A thousand lives and more, with the same seeds in every build. {@code make sim} lives others. */
class SeedsTest {
    private static final long FIRST_SEED = 100_000;
    private static final int SEEDS = 1_500;

    @Test
    void noSeedViolatesAnything() throws Exception {
        // The engine's own lines would bury the report.
        LogManager.getLogManager().reset();
        Tally tally = new Tally();
        AtomicLong begun = new AtomicLong();
        new Lives(FIRST_SEED, Runtime.getRuntime().availableProcessors(), tally::add)
                .run(() ->
                        begun.getAndIncrement() >= SEEDS || !tally.violations().isEmpty());
        Report.of(tally).forEach(System.out::println);
        assertThat(tally.violations().stream()
                        .map(failed -> "make sim SEED=" + failed.schedule().seed() + ": "
                                + failed.violation().orElseThrow()))
                .isEmpty();
        assertThat(tally.lives()).isEqualTo(SEEDS);
        assertThat(Coverage.neverMet(tally.counts().keySet()))
                .as("what lives should meet, can meet, and did not")
                .isEmpty();
    }
}
