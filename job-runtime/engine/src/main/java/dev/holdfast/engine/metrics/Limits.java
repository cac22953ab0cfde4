package dev.holdfast.engine.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What limits a job in one process, as a text for people. The first of these that holds:
 *
 * <ol>
 *   <li>A slot's thread is used up: its busiest task, or all of its tasks where none stands out.
 *   <li>A task takes no records for most of the time, since it waits for its own calls.
 *   <li>A task is back-pressured: what is at the end of that. A reader in another worker shows by the credit that it does not give.
 *   <li>Sources have nothing to read.
 *   <li>Nothing.
 * </ol>
 */
public final class Limits {
    /** Of a slot's time: above this more records would not fit. */
    private static final double USED_UP = 0.8;

    /** Of a task's time: below this back-pressure is no more than the ups and downs of the load. */
    private static final double PRESSED = 0.2;

    private static final double MOSTLY = 0.5;

    /** What is less is not worth a word. */
    private static final double TOLD = 0.05;

    private Limits() {}

    /** Decides; the order of the tasks does not matter, but for equal ones. */
    public static String of(List<TaskFacts> tasks) {
        if (tasks.isEmpty()) {
            return "no tasks run here";
        }
        List<TaskFacts> slot = fullestSlot(tasks);
        if (sum(slot) >= USED_UP) {
            return usedUp(slot);
        }
        TaskFacts slowest = max(tasks, Comparator.comparingDouble(Limits::engaged));
        if (engaged(slowest) >= USED_UP) {
            return busy(slowest);
        }
        TaskFacts pressed = max(tasks, Comparator.comparingDouble(TaskFacts::backPressured));
        if (pressed.backPressured() >= PRESSED) {
            return pressed(pressed, tasks);
        }
        List<TaskFacts> sources = tasks.stream().filter(TaskFacts::source).toList();
        double idle = sources.stream().mapToDouble(TaskFacts::idle).average().orElse(0);
        if (idle >= MOSTLY) {
            return "source: nothing to read " + percent(idle) + " of the time";
        }
        if (sources.isEmpty() && tasks.stream().allMatch(task -> task.idle() >= MOSTLY)) {
            return "input: no records come from other workers "
                    + percent(tasks.stream().mapToDouble(TaskFacts::idle).min().orElse(0)) + " of the time";
        }
        return "nothing here: the busiest task, " + slowest.name() + ", is busy " + percent(engaged(slowest))
                + " of the time";
    }

    private static List<TaskFacts> fullestSlot(List<TaskFacts> tasks) {
        Map<Integer, List<TaskFacts>> slots = new TreeMap<>();
        tasks.forEach(task ->
                slots.computeIfAbsent(task.slot(), number -> new ArrayList<>()).add(task));
        return max(List.copyOf(slots.values()), Comparator.comparingDouble(Limits::sum));
    }

    private static double sum(List<TaskFacts> slot) {
        return slot.stream().mapToDouble(TaskFacts::busy).sum();
    }

    private static String usedUp(List<TaskFacts> slot) {
        TaskFacts busiest = max(slot, Comparator.comparingDouble(TaskFacts::busy));
        if (busiest.busy() >= USED_UP) {
            return busy(busiest);
        }
        StringBuilder text =
                new StringBuilder("slot " + busiest.slot() + " is busy " + percent(sum(slot)) + " of the time");
        String separator = ": ";
        for (TaskFacts task : slot.stream()
                .filter(task -> task.busy() >= TOLD)
                .sorted(Comparator.comparingDouble(TaskFacts::busy).reversed())
                .toList()) {
            text.append(separator).append(task.name()).append(' ').append(percent(task.busy()));
            separator = ", ";
        }
        return text + details(busiest);
    }

    private static String busy(TaskFacts task) {
        return "task " + task.name() + " is busy " + percent(engaged(task)) + " of the time" + details(task);
    }

    private static String details(TaskFacts task) {
        List<String> details = new ArrayList<>();
        if (task.stalled() >= TOLD) {
            details.add("waits for its own calls " + percent(task.stalled()));
        }
        if (task.misses() >= TOLD) {
            details.add("state misses " + percent(task.misses()));
        }
        if (task.flushing() >= TOLD) {
            details.add("flush " + percent(task.flushing()));
        }
        return details.isEmpty() ? "" : " (" + String.join(", ", details) + ")";
    }

    /** Follows back-pressure to where it comes from. */
    private static String pressed(TaskFacts first, List<TaskFacts> tasks) {
        TaskFacts task = first;
        Set<String> seen = new HashSet<>();
        while (task.blocker().isPresent() && seen.add(task.name())) {
            TaskFacts.Blocker blocker = task.blocker().get();
            TaskFacts next = tasks.stream()
                    .filter(other -> other.name().equals(blocker.reader()))
                    .findFirst()
                    .orElse(null);
            if (blocker.worker().isPresent() || next == null || next.backPressured() < PRESSED) {
                break;
            }
            task = next;
        }
        String how = "task " + task.name() + " is back-pressured " + percent(task.backPressured()) + " of the time";
        return task.blocker()
                .map(blocker -> blocker.worker()
                                .map(worker -> "credits of worker " + worker)
                                .orElse("back-pressure from " + blocker.reader())
                        + ": " + how
                        + (blocker.worker().isPresent() ? " by " + blocker.reader() : ""))
                .orElse("back-pressure: " + how);
    }

    /** The share in which a task could not take more records by its own doing. */
    private static double engaged(TaskFacts task) {
        return Math.min(1, task.busy() + task.stalled());
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }

    /** The first of those that are greatest. */
    private static <T> T max(List<T> all, Comparator<T> order) {
        T most = all.getFirst();
        for (T each : all) {
            if (order.compare(each, most) > 0) {
                most = each;
            }
        }
        return most;
    }
}
