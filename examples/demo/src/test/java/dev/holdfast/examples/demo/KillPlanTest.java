package dev.holdfast.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KillPlanTest {

    @Test
    void sameSeedGivesSameMoments() {
        assertThat(KillPlan.of(7)).isEqualTo(KillPlan.of(7));
    }

    @Test
    void seedsGiveDifferentMoments() {
        assertThat(IntStream.range(0, 100).mapToObj(KillPlan::of)).doesNotHaveDuplicates();
    }

    @Test
    void killsTwiceWithWorkBeforeBetweenAndAfter() {
        for (int seed = 0; seed < 1_000; seed++) {
            KillPlan plan = KillPlan.of(seed);

            assertThat(plan.kills()).hasSize(2);
            assertThat(plan.kills().getFirst().share()).isBetween(0.15, 0.40);
            assertThat(plan.kills().getLast().share()).isBetween(0.50, 0.75);
        }
    }
}
