package dev.holdfast.engine.metrics;

/**
 * A copy of what a task's keyed state counts, for other threads. The slot's thread sets it a few times a second. Names and meaning
 * are those of the state's own statistics.
 */
public final class StateCounters {
    public final Count hits = new Count();
    public final Count misses = new Count();
    public final Count storeReads = new Count();
    public final Count prefetched = new Count();
    public final Count evicted = new Count();
    public final Count entries = new Count();
    public final Count memoryBytes = new Count();
    public final Count dirtyBytes = new Count();
    public final Count flushes = new Count();
    public final Count spills = new Count();
    public final Count flushedEntries = new Count();
    public final Count flushNs = new Count();
    public final Count folds = new Count();
    public final Count foldedBytes = new Count();
    public final Count failedFolds = new Count();
    public final Count segments = new Count();
    public final Count segmentBytes = new Count();

    StateCounters() {}
}
