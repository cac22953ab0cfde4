package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToCoordinator;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The workers that offer slots, those that take part in the present attempt, and how far each is. Bookkeeping; where slots go is
 * decided by {@link PlacementPolicy}.
 */
final class WorkerSet {
    private static final System.Logger LOG = System.getLogger(WorkerSet.class.getName());

    /** How long an attempt waits for a worker that answers, but has not registered again: it connects at once. */
    private static final long RETURN_NS = 1_000_000_000;

    /** How long slots rather go to other workers than to one whose disk failed. */
    private static final long AVOID_NS = 300_000_000_000L;

    private final TreeMap<Integer, ToCoordinator.Registered> offers = new TreeMap<>();
    private final Map<Integer, Returning> returning = new HashMap<>();
    private final Map<Integer, String> lastPlaces = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, Long> avoidedUntilNs = new HashMap<>();
    private final Set<Integer> members = new TreeSet<>();
    private final Set<Integer> busy = new HashSet<>();
    private final Set<Integer> deployed = new HashSet<>();
    private final Map<Integer, Long> committed = new HashMap<>();
    private final Set<TaskId> drained = new HashSet<>();

    /** A lost worker of the last attempt that may come back. */
    private record Returning(String name, long untilNs) {}

    /** Takes a worker in; false if it runs another plan than the coordinator, and so gets no work. */
    boolean register(ToCoordinator.Registered worker, Set<String> fingerprints) {
        if (!fingerprints.contains(worker.fingerprint())) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "worker {0} runs another plan (fingerprint {1}) than the coordinator ({2}); it gets no work",
                    worker.name(),
                    worker.fingerprint(),
                    fingerprints);
            return false;
        }
        offers.put(worker.worker(), worker);
        names.put(worker.worker(), worker.name());
        returning.values().removeIf(lost -> lost.name().equals(worker.name()));
        return true;
    }

    /**
     * A worker is lost.
     *
     * @param unconfirmed whether it is soon known if its process answers
     * @return whether it took part in the present attempt
     */
    boolean lost(int worker, boolean unconfirmed, long nowNs) {
        ToCoordinator.Registered offer = offers.remove(worker);
        busy.remove(worker);
        boolean member = members.contains(worker);
        if (member && unconfirmed && offer != null) {
            returning.put(worker, new Returning(offer.name(), nowNs + RETURN_NS));
        }
        return member;
    }

    /** A worker of the present attempt is about to end: it gets no work any more, and what it has is handed over. */
    void leaving(int worker, Handover handover) {
        ToCoordinator.Registered offer = offers.remove(worker);
        if (offer != null) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "worker {0} is about to end; its work moves at a checkpoint",
                    offer.name());
            handover.want(offer.name(), "worker " + offer.name() + " is about to end");
        }
    }

    /** Something failed in a worker. If it was its disk, others are taken before it for a while; if there are none, it is tried again. */
    void failed(int worker, Failure failure, long nowNs) {
        String name = names.get(worker);
        if (failure.ofDisk() && name != null) {
            avoidedUntilNs.put(name, nowNs + AVOID_NS);
        }
    }

    /** Whether a lost worker's process answers. */
    void confirmed(int worker, boolean answers) {
        if (!answers) {
            returning.remove(worker);
        }
    }

    /** Whether it is worth to wait for a lost worker that is about to be back with its files. */
    boolean expectsReturn(long nowNs) {
        returning.values().removeIf(lost -> nowNs >= lost.untilNs());
        return !returning.isEmpty();
    }

    /** All workers that offer slots, by number. */
    Collection<ToCoordinator.Registered> offers() {
        return offers.values();
    }

    int offeredSlots() {
        return offers.values().stream()
                .mapToInt(ToCoordinator.Registered::slots)
                .sum();
    }

    /** Workers that take part in the present attempt, ascending. */
    Set<Integer> members() {
        return members;
    }

    /** A new attempt begins on as many slots. */
    Placement beginAttempt(int slots, long nowNs) {
        avoidedUntilNs.values().removeIf(untilNs -> nowNs >= untilNs);
        Placement placement =
                PlacementPolicy.place(slots, offers.values(), lastPlaces, Set.copyOf(avoidedUntilNs.keySet()));
        lastPlaces.clear();
        for (int slot = 0; slot < slots; slot++) {
            lastPlaces.put(slot, placement.at(slot).name());
        }
        deployed.clear();
        committed.clear();
        drained.clear();
        returning.clear();
        names.keySet().retainAll(offers.keySet());
        members.clear();
        placement.workers().forEach(worker -> members.add(worker.number()));
        busy.clear();
        busy.addAll(members);
        return placement;
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

    /** A worker has committed up to a checkpoint. Returns the one up to which all have; 0 if some have committed none. */
    long committed(int worker, long checkpointId) {
        committed.merge(worker, checkpointId, Math::max);
        return committed.keySet().containsAll(busy)
                ? committed.values().stream().mapToLong(Long::longValue).min().orElse(0)
                : 0;
    }

    /** Workers that have deployed, as a copy. */
    Set<Integer> deployed() {
        return Set.copyOf(deployed);
    }

    /** Tasks that have come to the end of their input, as a copy. */
    Set<TaskId> drained() {
        return Set.copyOf(drained);
    }

    /** Name of a worker that offers slots, or had some in the present attempt. */
    Optional<String> name(int worker) {
        return Optional.ofNullable(names.get(worker));
    }

    void drained(TaskId task) {
        drained.add(task);
    }

    int drainedTasks() {
        return drained.size();
    }
}
