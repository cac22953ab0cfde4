package dev.holdfast.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    @Test
    void sameSeedGivesSameActs() {
        assertThat(FaultPlan.of(7)).isEqualTo(FaultPlan.of(7));
    }

    @Test
    void seedsGiveDifferentActs() {
        assertThat(IntStream.range(0, 100).mapToObj(FaultPlan::of)).doesNotHaveDuplicates();
    }

    @Test
    void doesEachKindOnceWithWorkBeforeBetweenAndAfter() {
        for (int seed = 0; seed < 1_000; seed++) {
            FaultPlan plan = FaultPlan.of(seed);

            assertThat(plan.acts()).extracting(FaultPlan.Act::kind).containsExactlyInAnyOrder(FaultPlan.Kind.values());
            assertThat(plan.acts().getFirst().share()).isBetween(0.10, 0.20);
            assertThat(plan.acts().getLast().share()).isBetween(0.64, 0.74);
            assertThat(plan.acts()).extracting(FaultPlan.Act::choice).allMatch(choice -> choice >= 0 && choice < 1);
        }
    }
}
