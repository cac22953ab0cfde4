package dev.holdfast.engine.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.ToCoordinator.Registered;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which worker gets which slot. */
class PlacementPolicyTest {
    @Test
    void slotsAreSpreadOverAllWorkers() {
        Placement placement = place(3, List.of(worker(1, "a", 4), worker(2, "b", 4), worker(3, "c", 4)), Map.of());

        assertThat(placement.workerOfSlot()).containsExactly(1, 2, 3);
    }

    @Test
    void aWorkerThatIsNotNeededStaysASpare() {
        Placement placement = place(2, List.of(worker(1, "a", 1), worker(2, "b", 1), worker(3, "c", 1)), Map.of());

        assertThat(placement.workers()).extracting(Placement.Member::name).containsExactly("a", "b");
    }

    @Test
    void survivorsKeepTheirSlotsAndASpareGetsThoseOfTheLost() {
        Map<Integer, String> before = Map.of(0, "a", 1, "b", 2, "a", 3, "b");

        Placement placement = place(4, List.of(worker(1, "a", 2), worker(7, "spare", 2)), before);

        assertThat(placement.workerOfSlot()).containsExactly(1, 7, 1, 7);
    }

    @Test
    void aWorkerThatCameBackUnderItsNameGetsItsSlotsAgain() {
        Map<Integer, String> before = Map.of(0, "a", 1, "b");

        Placement placement = place(2, List.of(worker(9, "b", 1), worker(8, "spare", 1), worker(1, "a", 1)), before);

        assertThat(placement.workerOfSlot()).containsExactly(1, 9);
    }

    @Test
    void lostSlotsAreSpreadOverSpares() {
        Map<Integer, String> before = Map.of(0, "lost", 1, "lost", 2, "a", 3, "a");

        Placement placement = place(4, List.of(worker(1, "a", 2), worker(2, "s1", 2), worker(3, "s2", 2)), before);

        assertThat(placement.workerOfSlot()).containsExactly(2, 3, 1, 1);
    }

    @Test
    void aWorkerToBeAvoidedLosesItsSlotToASpareAndTakesWhatIsLeft() {
        Map<Integer, String> before = Map.of(0, "a", 1, "b");
        List<Registered> offers = List.of(worker(1, "a", 1), worker(2, "b", 1), worker(3, "spare", 1));

        assertThat(PlacementPolicy.place(2, offers, before, Set.of("a")).workerOfSlot())
                .containsExactly(3, 2);
        assertThat(PlacementPolicy.place(3, offers, before, Set.of("a")).workerOfSlot())
                .containsExactly(3, 2, 1);
    }

    @Test
    void tooFewSlotsAreABrokenInvariant() {
        assertThatThrownBy(() -> place(3, List.of(worker(1, "a", 2)), Map.of()))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Placement place(int slots, List<Registered> offers, Map<Integer, String> before) {
        return PlacementPolicy.place(slots, offers, before, Set.of());
    }

    private static Registered worker(int number, String name, int slots) {
        return new Registered(number, name, slots, "f", Optional.empty());
    }
}
