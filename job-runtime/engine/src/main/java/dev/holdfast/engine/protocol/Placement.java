package dev.holdfast.engine.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which worker runs which slot in one attempt. Slot <i>i</i> runs subtask <i>i</i> of each vertex that has one.
 *
 * @param workers those that take part, in ascending order of their numbers
 * @param workerOfSlot at index i the number of the worker that runs slot i
 */
public record Placement(List<Member> workers, List<Integer> workerOfSlot) {
    public Placement {
        workers = List.copyOf(workers);
        workerOfSlot = List.copyOf(workerOfSlot);
        Set<Integer> numbers = new HashSet<>();
        workers.forEach(worker -> numbers.add(worker.number()));
        if (numbers.size() != workers.size() || !numbers.equals(Set.copyOf(workerOfSlot))) {
            throw new IllegalArgumentException("a placement names each worker once, and those only that run a slot: "
                    + workers + ", slots at " + workerOfSlot);
        }
    }

    /**
     * A worker that takes part.
     *
     * @param number in this generation
     * @param name for people
     * @param address empty where the job has one worker
     */
    public record Member(int number, String name, Optional<WorkerAddress> address) {}

    /** Slots of a worker, ascending. */
    public List<Integer> slotsOf(int worker) {
        return java.util.stream.IntStream.range(0, workerOfSlot.size())
                .filter(slot -> workerOfSlot.get(slot) == worker)
                .boxed()
                .toList();
    }

    /** The worker that runs a slot. */
    public Member at(int slot) {
        int number = workerOfSlot.get(slot);
        return workers.stream()
                .filter(worker -> worker.number() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no worker " + number));
    }
}
