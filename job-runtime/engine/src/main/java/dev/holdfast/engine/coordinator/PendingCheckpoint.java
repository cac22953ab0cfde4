package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.ToCoordinator.WorkerSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A checkpoint between its trigger and the log.
 *
 * <p>It is OPEN; ACKNOWLEDGED when all workers have answered, until its turn to be written comes; then it is STORING. Until then a
 * newer one that completes first overtakes it, however complete it is: numbers in the log only rise.
 */
final class PendingCheckpoint {
    private final long id;
    private final long after;
    private final long triggeredNs;
    private final Optional<String> savepoint;
    private final Map<String, byte[]> enumerators;
    private final Map<Integer, WorkerSnapshot> acks = new HashMap<>();
    private State state = State.OPEN;
    private long acknowledgedNs;
    private long storingNs;

    private enum State {
        OPEN,
        ACKNOWLEDGED,
        STORING
    }

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

    /** Takes a worker's part; true if it was the last one of those that are needed, which happens once. */
    boolean acknowledge(int worker, WorkerSnapshot snapshot, Set<Integer> workers, long nowNs) {
        if (state != State.OPEN) {
            return false;
        }
        acks.put(worker, snapshot);
        if (!acks.keySet().containsAll(workers)) {
            return false;
        }
        state = State.ACKNOWLEDGED;
        acknowledgedNs = nowNs;
        return true;
    }

    Map<Integer, WorkerSnapshot> acks() {
        return acks;
    }

    /** Whether all workers have answered: from then on it is not timed out, the log has limits of its own. */
    boolean isAcknowledged() {
        return state != State.OPEN;
    }

    /** Whether it is being written to the log: from then on it is not given up. */
    boolean isStoring() {
        return state == State.STORING;
    }

    void store(long nowNs) {
        state = State.STORING;
        storingNs = nowNs;
    }

    /** When the last worker acknowledged. */
    long acknowledgedNs() {
        return acknowledgedNs;
    }

    /** When its write to the log began. */
    long storingNs() {
        return storingNs;
    }
}
