package dev.holdfast.engine.state;

/**
 * Settings of one slot's state.
 *
 * @param directory on the local disk, for this slot alone; emptied when the state is opened
 * @param memoryBudgetBytes for decoded entries and the store's cache together; at least 1 KB, sensibly many MB
 * @param thresholds at which it changes its form
 */
public record SlotStateSettings(String directory, long memoryBudgetBytes, Thresholds thresholds) {
    /** Below this not even a few entries fit. */
    public static final long MIN_BUDGET_BYTES = 1024;

    /** Part of the budget that is the store's cache of blocks. */
    private static final int CACHE_SHARE = 4;

    public SlotStateSettings {
        if (memoryBudgetBytes < MIN_BUDGET_BYTES) {
            throw new IllegalArgumentException("memory budget of a slot must be at least " + MIN_BUDGET_BYTES
                    + " bytes, found " + memoryBudgetBytes);
        }
    }

    public SlotStateSettings(String directory, long memoryBudgetBytes) {
        this(directory, memoryBudgetBytes, Thresholds.DEFAULT);
    }

    /** The store's part of the budget, in bytes. */
    public long cacheBytes() {
        return memoryBudgetBytes / CACHE_SHARE;
    }
}
