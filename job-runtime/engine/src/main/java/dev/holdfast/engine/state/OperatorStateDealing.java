package dev.holdfast.engine.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Deals the states of an operator's old tasks out to its new ones. */
public final class OperatorStateDealing {
    private OperatorStateDealing() {}

    /**
     * What each new task gets. The elements of a list, put together in order of old tasks, are dealt round robin. Those of a
     * union list go to every task. A broadcast state is the same in every old task: every new one gets that of the first.
     *
     * @param old by old task
     * @param parallelism number of new tasks
     * @return by new task
     */
    public static List<List<OperatorStateBytes>> deal(List<List<OperatorStateBytes>> old, int parallelism) {
        List<List<OperatorStateBytes>> dealt = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            dealt.add(new ArrayList<>());
        }
        Map<String, Integer> next = new LinkedHashMap<>();
        Map<String, Boolean> broadcast = new LinkedHashMap<>();
        for (List<OperatorStateBytes> task : old) {
            for (OperatorStateBytes state : task) {
                switch (state.kind()) {
                    case OPERATOR_LIST ->
                        next.put(state.name(), deal(state, next.getOrDefault(state.name(), 0), dealt));
                    case UNION_LIST -> dealt.forEach(each -> each.add(state));
                    case BROADCAST -> {
                        if (broadcast.put(state.name(), true) == null) {
                            dealt.forEach(each -> each.add(state));
                        }
                    }
                    case VALUE, LIST, MAP, REDUCING, AGGREGATING ->
                        throw new IllegalArgumentException("state '" + state.name() + "' belongs to keys");
                }
            }
        }
        return dealt;
    }

    private static int deal(OperatorStateBytes state, int first, List<List<OperatorStateBytes>> dealt) {
        int parallelism = dealt.size();
        int count = state.items().size();
        for (int task = 0; task < parallelism; task++) {
            List<byte[]> items = new ArrayList<>();
            for (int i = Math.floorMod(task - first, parallelism); i < count; i += parallelism) {
                items.add(state.items().get(i));
            }
            if (!items.isEmpty()) {
                dealt.get(task).add(new OperatorStateBytes(state.name(), state.kind(), state.version(), items));
            }
        }
        return (first + count) % parallelism;
    }
}
