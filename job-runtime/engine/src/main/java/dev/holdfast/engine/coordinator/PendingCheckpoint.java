package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.ToCoordinator.WorkerSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A checkpoint between its trigger and the log. */
final class PendingCheckpoint {
    private final long id;
    private final long after;
    private final long triggeredNs;
    private final Optional<String> savepoint;
    private final Map<String, byte[]> enumerators;
    private final Map<Integer, WorkerSnapshot> acks = new HashMap<>();
    private boolean storing;

    /**
     * Makes one.
     *
     * @param after the newest complete checkpoint at the trigger: this one may refer to its objects and to those of later ones
     * @param savepoint name of the savepoint to make of it
     */
    PendingCheckpoint(
            long id, long after, long triggeredNs, Optional<String> savepoint, Map<String, byte[]> enumerators) {
        this.id = id;
        this.after = after;
        this.triggeredNs = triggeredNs;
        this.savepoint = savepoint;
        this.enumerators = enumerators;
    }

    long id() {
        return id;
    }

    long after() {
        return after;
    }

    long triggeredNs() {
        return triggeredNs;
    }

    Optional<String> savepoint() {
        return savepoint;
    }

    Map<String, byte[]> enumerators() {
        return enumerators;
    }

    /** Takes a worker's part; true if it was the last one of those that are needed. */
    boolean acknowledge(int worker, WorkerSnapshot snapshot, Set<Integer> workers) {
        acks.put(worker, snapshot);
        return acks.keySet().containsAll(workers);
    }

    Map<Integer, WorkerSnapshot> acks() {
        return acks;
    }

    /** Whether it is being written to the log: from then on it is neither aborted nor timed out. */
    boolean isStoring() {
        return storing;
    }

    void store() {
        storing = true;
    }
}
