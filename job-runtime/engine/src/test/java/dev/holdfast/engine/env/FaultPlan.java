package dev.holdfast.engine.env;

/** Decides what happens to each operation of a {@link FaultyObjectStore}. Called once per operation, from its thread. */
@FunctionalInterface
public interface FaultPlan {

    /** What happens to one operation. */
    enum Fault {
        /** It works. */
        NONE,
        /** It fails without having been done, and the store says so: BUSY. */
        FAIL_BEFORE,
        /** It is done, but its answer is lost: UNKNOWN_OUTCOME for a write, UNREACHABLE for a read. */
        FAIL_AFTER,
        /** It is not done, and nobody can tell: UNKNOWN_OUTCOME for a write, UNREACHABLE for a read. */
        LOSE,
        /**
         * Like LOSE, but the request of a write is still on its way: it is done at {@link
         * FaultyObjectStore#deliverLateWrites}. A read is only lost.
         */
        DELAY,
        /** The process dies before the operation. */
        CRASH_BEFORE,
        /** The process dies after the operation, before it sees the answer. */
        CRASH_AFTER
    }

    /**
     * @param operationNumber counts all operations of this store from 0
     * @param operation the name of the method: putIfAbsent, put, get, getRange, list, delete
     * @param key the key; the prefix of a list; all keys of a delete, with commas between
     */
    Fault at(long operationNumber, String operation, String key);

    /** A plan in which nothing ever fails; for counting the operations of a run. */
    static FaultPlan none() {
        return (number, operation, key) -> Fault.NONE;
    }

    /** A plan in which one operation has a fault. */
    static FaultPlan once(long operationNumber, Fault fault) {
        return (number, operation, key) -> number == operationNumber ? fault : Fault.NONE;
    }
}
