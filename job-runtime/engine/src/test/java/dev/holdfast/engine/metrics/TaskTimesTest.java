package dev.holdfast.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.metrics.TaskTimes.Use;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The times of a task, and what is made of two looks at them. */
class TaskTimesTest {
    private final TaskCounters counters = new TaskCounters("count", 1, false);
    private final TaskTimes times = counters.times();

    @Test
    void eachMomentIsOfOneUse() {
        times.enter(Use.BUSY, 1_000);
        times.enter(Use.TURN_WAIT, 1_300);
        times.enter(Use.BUSY, 1_310);
        times.enter(Use.BACK_PRESSURED, 1_400);
        times.enter(Use.STALLED, 1_900);
        times.enter(Use.IDLE, 2_000);
        times.enter(Use.BUSY, 2_600);

        assertThat(times.spentNs(Use.BUSY)).isEqualTo(390);
        assertThat(times.spentNs(Use.TURN_WAIT)).isEqualTo(10);
        assertThat(times.spentNs(Use.BACK_PRESSURED)).isEqualTo(500);
        assertThat(times.spentNs(Use.STALLED)).isEqualTo(100);
        assertThat(times.spentNs(Use.IDLE)).isEqualTo(600);
    }

    @Test
    void aClockThatStandsStillOrGoesBackCountsNothing() {
        times.enter(Use.BUSY, 1_000);
        times.enter(Use.IDLE, 1_000);
        times.enter(Use.BUSY, 900);

        assertThat(TaskSample.of(counters).spentNs().values()).containsOnly(0L);
    }

    @Test
    void factsAreOfTheTimeBetweenTwoSamples() {
        OutputCounters near = new OutputCounters("sink", 1, Optional.empty(), new Count(), new Count());
        OutputCounters far = new OutputCounters("sink", 2, Optional.of("w2"), new Count(), new Count());
        counters.connect(InputGauges.NONE, List.of(near, far), () -> 0);
        times.enter(Use.IDLE, 0);
        times.enter(Use.BUSY, 5_000);
        near.blockedNs().add(1_000_000);
        counters.state().hits.set(1_000);
        TaskSample before = TaskSample.of(counters);
        times.enter(Use.BACK_PRESSURED, 5_400);
        times.enter(Use.STALLED, 5_900);
        times.enter(Use.BUSY, 6_000);
        near.blockedNs().add(100);
        far.blockedNs().add(400);
        far.records().add(7);
        counters.state().hits.set(1_030);
        counters.state().misses.set(10);
        counters.state().flushNs.set(250);
        TaskSample after = TaskSample.of(counters);

        assertThat(after.elapsedNs(before)).isEqualTo(1_000);
        assertThat(after.recordsOut()).isEqualTo(7);
        assertThat(after.facts(counters, before))
                .isEqualTo(new TaskFacts(
                        "count/1",
                        1,
                        false,
                        0.4,
                        0.1,
                        0.5,
                        0,
                        0.25,
                        0.25,
                        Optional.of(new TaskFacts.Blocker("sink/2", Optional.of("w2")))));
        assertThat(counters.creditStallNs()).isEqualTo(400);
    }
}
