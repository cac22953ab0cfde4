package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToCoordinator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The workers that have registered, and how far each is in the present attempt. Bookkeeping without decisions. */
final class WorkerSet {
    private static final System.Logger LOG = System.getLogger(WorkerSet.class.getName());

    private final TreeMap<Integer, Integer> slots = new TreeMap<>();
    private final Set<Integer> busy = new HashSet<>();
    private final Set<Integer> deployed = new HashSet<>();
    private final Map<Integer, Long> committed = new HashMap<>();
    private final Set<TaskId> drained = new HashSet<>();

    /** Takes a worker in; false if it runs another plan than the coordinator, and so gets no work. */
    boolean register(ToCoordinator.Registered worker, String fingerprint) {
        if (!worker.fingerprint().equals(fingerprint)) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "worker {0} runs another plan (fingerprint {1}) than the coordinator ({2}); it gets no work",
                    worker.worker(),
                    worker.fingerprint(),
                    fingerprint);
            return false;
        }
        slots.put(worker.worker(), worker.slots());
        return true;
    }

    /** All registered workers. */
    Set<Integer> all() {
        return slots.keySet();
    }

    int offeredSlots() {
        return slots.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** A new attempt begins: all registered workers take part. */
    void beginAttempt() {
        deployed.clear();
        committed.clear();
        drained.clear();
        busy.clear();
        busy.addAll(slots.keySet());
    }

    /** Workers that run, or may still run, tasks of the attempt. */
    Set<Integer> busy() {
        return busy;
    }

    void cancelled(int worker) {
        busy.remove(worker);
    }

    void deployed(int worker) {
        deployed.add(worker);
    }

    /** Workers that have not deployed yet. */
    Set<Integer> undeployed() {
        Set<Integer> missing = new TreeSet<>(busy);
        missing.removeAll(deployed);
        return missing;
    }

    boolean allDeployed() {
        return deployed.containsAll(busy);
    }

    /** A worker has committed up to a checkpoint; the number up to which all have is {@link #committedByAll}. */
    void committed(int worker, long checkpointId) {
        committed.merge(worker, checkpointId, Math::max);
    }

    /** Up to which checkpoint all workers have committed; 0 if some have committed none. */
    long committedByAll() {
        return committed.keySet().containsAll(busy)
                ? committed.values().stream().mapToLong(Long::longValue).min().orElse(0)
                : 0;
    }

    void drained(TaskId task) {
        drained.add(task);
    }

    int drainedTasks() {
        return drained.size();
    }
}
