package dev.holdfast.simulation.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void theTextOfAScheduleIsReadBackAsTheSame() {
        for (long seed = 0; seed < 500; seed++) {
            Schedule schedule = Schedule.of(seed);
            assertThat(Schedule.parse("# a comment\n" + schedule)).isEqualTo(schedule);
        }
    }

    @Test
    void aSeedAlwaysStandsForTheSameSchedule() {
        assertThat(Schedule.of(42)).isEqualTo(Schedule.of(42)).isNotEqualTo(Schedule.of(43));
    }

    @Test
    void textThatIsNoScheduleIsAnErrorThatSaysWhatWasExpected() {
        assertThatThrownBy(() -> Schedule.parse("nonsense"))
                .hasMessageContaining("a schedule begins with 'seed <number>'");
        String text = Schedule.of(1).with(List.of()).toString();
        assertThatThrownBy(() -> Schedule.parse(text + "at 5 Kil who=1 downMs=1 disk=KEPT"))
                .hasMessage("there is no Kil");
        assertThatThrownBy(() -> Schedule.parse(text + "at 5 Kill who=1 disk=KEPT"))
                .hasMessage("Kill has no downMs");
        assertThatThrownBy(() -> Schedule.parse(text + "when 5 UserError"))
                .hasMessageContaining("a fault begins with 'at' or 'on'");
    }

    /** Of eight faults two together fail: these two are left. */
    @Test
    void shrinkingLeavesTheFaultsThatFailTogether() {
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            faults.add(new PlannedFault(new Moment.At(i), new Fault.Rescale(i + 1)));
        }
        PlannedFault one = faults.get(1);
        PlannedFault other = faults.get(6);
        Shrinker shrinker = new Shrinker(candidate ->
                candidate.faults().contains(one) && candidate.faults().contains(other));

        Schedule shortest = shrinker.shrink(Schedule.of(1).with(faults));

        assertThat(shortest.faults()).containsExactly(one, other);
        assertThat(shrinker.tries()).isLessThan(40);
    }

    @Test
    void whatFailsWithoutAnyFaultIsCutDownToNone() {
        Schedule schedule = Schedule.of(3)
                .with(List.of(
                        new PlannedFault(new Moment.At(1), new Fault.UserError()),
                        new PlannedFault(new Moment.On(CrashPoint.AFTER_SLOT, 2), new Fault.Snapshot())));

        assertThat(new Shrinker(candidate -> true).shrink(schedule).faults()).isEmpty();
    }
}
