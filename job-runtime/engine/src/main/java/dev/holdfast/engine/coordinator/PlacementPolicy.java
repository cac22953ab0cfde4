package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.ToCoordinator.Registered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides which worker runs which slot. Pure.
 *
 * <ol>
 *   <li>A slot stays where it was, if that worker still offers one and is not to be avoided: its files are there.
 *   <li>Each other slot goes to a worker that is not to be avoided, if there is one with a free slot; among them to the one with the
 *       fewest slots in use; of equals to the one with most that are free, then by name.
 * </ol>
 *
 * So tasks are spread, a lost worker's slots go to spares, and survivors keep theirs.
 */
final class PlacementPolicy {
    private PlacementPolicy() {}

    /**
     * Places all slots.
     *
     * @param offers workers with their slots; together at least {@code slots}
     * @param before name of the worker that ran a slot in the last attempt, by slot
     * @param avoided names of workers that get slots only if there are too few others
     */
    static Placement place(int slots, Collection<Registered> offers, Map<Integer, String> before, Set<String> avoided) {
        Map<String, Registered> byName = new TreeMap<>();
        offers.forEach(offer -> byName.put(offer.name(), offer));
        Map<Integer, Integer> used = new HashMap<>();
        Map<Integer, Registered> placed = new TreeMap<>();
        for (int slot = 0; slot < slots; slot++) {
            Registered former = byName.get(before.getOrDefault(slot, ""));
            if (former != null
                    && !avoided.contains(former.name())
                    && used.getOrDefault(former.worker(), 0) < former.slots()) {
                placed.put(slot, former);
                used.merge(former.worker(), 1, Integer::sum);
            }
        }
        Comparator<Registered> preference = Comparator.<Registered, Boolean>comparing(
                        offer -> avoided.contains(offer.name()))
                .thenComparingInt(offer -> used.getOrDefault(offer.worker(), 0))
                .thenComparing(Comparator.<Registered>comparingInt(
                                offer -> offer.slots() - used.getOrDefault(offer.worker(), 0))
                        .reversed())
                .thenComparing(Registered::name);
        for (int slot = 0; slot < slots; slot++) {
            if (!placed.containsKey(slot)) {
                Registered chosen = byName.values().stream()
                        .filter(offer -> used.getOrDefault(offer.worker(), 0) < offer.slots())
                        .min(preference)
                        .orElseThrow(() -> new IllegalStateException(
                                "placed fewer than " + slots + " slots on " + byName.values()));
                placed.put(slot, chosen);
                used.merge(chosen.worker(), 1, Integer::sum);
            }
        }
        List<Integer> workerOfSlot = new ArrayList<>();
        placed.values().forEach(worker -> workerOfSlot.add(worker.worker()));
        List<Placement.Member> members = offers.stream()
                .filter(offer -> used.containsKey(offer.worker()))
                .sorted(Comparator.comparingInt(Registered::worker))
                .map(offer -> new Placement.Member(offer.worker(), offer.name(), offer.address()))
                .toList();
        return new Placement(members, workerOfSlot);
    }
}
