package dev.holdfast.simulation.workload;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares multisets in few words. */
final class Counted {
    private static final int SHOWN = 8;

    private Counted() {}

    /** What is missing or there too often; empty if they are equal. */
    static <T extends Comparable<T>> String difference(Collection<T> found, Collection<T> expected) {
        Map<T, Integer> surplus = new TreeMap<>();
        found.forEach(each -> surplus.merge(each, 1, Integer::sum));
        expected.forEach(each -> surplus.merge(each, -1, Integer::sum));
        surplus.values().removeIf(times -> times == 0);
        if (surplus.isEmpty()) {
            return "";
        }
        List<Map.Entry<T, Integer>> first =
                surplus.entrySet().stream().limit(SHOWN).toList();
        return surplus.size() + " differ, such as (+ too often, - missing) " + first;
    }
}
