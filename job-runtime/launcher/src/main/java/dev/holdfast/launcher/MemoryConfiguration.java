package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;

/**
 * How much memory goes where in a process.
 *
 * @param stateBytes for the state of all slots, in the heap and beside it
 * @param networkBytes for records that have come from other workers
 */
record MemoryConfiguration(MemoryBudget budget, long stateBytes, long networkBytes) {
    /** Part of the heap that the state gets where nothing is set. */
    private static final int STATE_SHARE = 4;

    /**
     * For a process that runs tasks.
     *
     * @throws HoldfastException HF-CFG-013 if it does not fit
     */
    static MemoryConfiguration ofTasks(Typed typed, int slots, boolean networked, MemoryLimit found, long heapBytes) {
        long stateBytes = typed.text(Settings.STATE_MEMORY).isEmpty()
                ? heapBytes / STATE_SHARE
                : typed.sizeBytes(Settings.STATE_MEMORY);
        long networkBytes = networked ? typed.sizeBytes(ProcessSettings.NETWORK_MEMORY) : 0;
        return new MemoryConfiguration(
                MemoryBudget.of(limit(typed, found), heapBytes, slots, stateBytes, networkBytes),
                stateBytes,
                networkBytes);
    }

    /** For a process that runs none. */
    static MemoryConfiguration ofCoordinator(Typed typed, MemoryLimit found, long heapBytes) {
        return new MemoryConfiguration(MemoryBudget.of(limit(typed, found), heapBytes, 0, 0, 0), 0, 0);
    }

    private static MemoryLimit limit(Typed typed, MemoryLimit found) {
        return typed.text(ProcessSettings.MEMORY_TOTAL).isEmpty()
                ? found
                : new MemoryLimit(
                        typed.sizeBytes(ProcessSettings.MEMORY_TOTAL), "setting " + ProcessSettings.MEMORY_TOTAL);
    }

    /** Prints the table, and refuses what does not fit. */
    void announce(Terminal terminal) {
        budget.requireFit();
        budget.lines().forEach(terminal::say);
    }
}
