package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the memory of a process goes: the heap, with the parts of it that Holdfast gives away, and what lies beside the heap. The sum
 * of heap and the rest must fit into the limit, or the system ends the process in the middle of its work.
 *
 * @param limit what the process may use
 * @param heapBytes the most that the heap takes (-Xmx)
 * @param inHeap parts of the heap; what they leave is for the program, records in flight and flushes
 * @param beside what lies beside the heap
 */
record MemoryBudget(MemoryLimit limit, long heapBytes, List<Part> inHeap, List<Part> beside) {
    private static final long MB = 1L << 20;

    /** Classes, their metadata and constants: 45 MB measured with the AWS SDK and a small program, which grows with the program. */
    private static final long CLASSES_BYTES = 80 * MB;

    /** Compiled code: 15 to 30 MB measured under load. */
    private static final long CODE_BYTES = 40 * MB;

    /** Direct buffers of Netty's two threads, and what the JDK copies through. */
    private static final long BUFFERS_BYTES = 24 * MB;

    /** Threads of the JVM and of Holdfast, but for slots. */
    private static final int BASE_THREADS = 30;

    /** A slot, its flush and its fold. */
    private static final int THREADS_OF_SLOT = 3;

    /** Stacks reserve 1 MB each; what is touched is a quarter of that at most. */
    private static final long THREAD_BYTES = MB / 4;

    /** The collector's own tables, in parts of the heap: G1 takes about this. */
    private static final int COLLECTOR_SHARE = 25;

    /** Of RocksDB beside its cache: indexes and filters of open files, and what its allocator leaves unused. */
    private static final int STORE_OVERHEAD_SHARE = 4;

    /** The state's share that goes to the cache of the local store, as the engine divides it. */
    private static final int CACHE_SHARE = 4;

    /** Of the heap, at most three quarters may be given away: the rest is for records in flight, flushes and the program. */
    private static final int LEFT_SHARE = 4;

    MemoryBudget {
        inHeap = List.copyOf(inHeap);
        beside = List.copyOf(beside);
    }

    /** Something that takes memory. */
    record Part(String name, long bytes) {}

    /**
     * Adds up. Pure.
     *
     * @param slots of this process; 0 for a coordinator
     * @param stateBytes for the state of all slots; 0 for a coordinator
     * @param networkBytes for records from other workers
     */
    static MemoryBudget of(MemoryLimit limit, long heapBytes, int slots, long stateBytes, long networkBytes) {
        List<Part> inHeap = new ArrayList<>();
        List<Part> beside = new ArrayList<>();
        if (slots > 0) {
            long cacheBytes = stateBytes / CACHE_SHARE;
            inHeap.add(new Part("state table", stateBytes - cacheBytes));
            beside.add(new Part("RocksDB: cache with write buffers", cacheBytes));
            beside.add(new Part("RocksDB: indexes, filters, allocator", cacheBytes / STORE_OVERHEAD_SHARE + 16 * MB));
        }
        if (networkBytes > 0) {
            inHeap.add(new Part("network: records not yet read", networkBytes));
        }
        beside.add(new Part("network: buffers", BUFFERS_BYTES));
        beside.add(new Part("classes", CLASSES_BYTES));
        beside.add(new Part("compiled code", CODE_BYTES));
        beside.add(new Part("threads", (BASE_THREADS + (long) THREADS_OF_SLOT * slots) * THREAD_BYTES));
        beside.add(new Part("collector", heapBytes / COLLECTOR_SHARE));
        return new MemoryBudget(limit, heapBytes, inHeap, beside);
    }

    /** Bytes of the whole process. */
    long sumBytes() {
        return heapBytes + beside.stream().mapToLong(Part::bytes).sum();
    }

    /** @throws HoldfastException HF-CFG-013 with the sum, if it does not fit */
    void requireFit() {
        long given = inHeap.stream().mapToLong(Part::bytes).sum();
        if (given > heapBytes / LEFT_SHARE * (LEFT_SHARE - 1)) {
            throw new HoldfastException(
                    "HF-CFG-013",
                    "of the heap of " + mb(heapBytes) + " at most three quarters can be given away, found "
                            + sum(inHeap) + " = " + mb(given)
                            + ". Lower " + Settings.STATE_MEMORY + " or " + ProcessSettings.NETWORK_MEMORY
                            + ", or raise the heap: HOLDFAST_JAVA_OPTIONS=-Xmx...");
        }
        if (sumBytes() > limit.bytes()) {
            throw new HoldfastException(
                    "HF-CFG-013",
                    "memory does not fit: heap " + mb(heapBytes) + " + " + sum(beside) + " = " + mb(sumBytes())
                            + ", and the " + limit.source() + " is " + mb(limit.bytes())
                            + ". Lower the heap (HOLDFAST_JAVA_OPTIONS=-Xmx...) or " + Settings.STATE_MEMORY
                            + ", or raise the limit");
        }
    }

    /** The table, a line each. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(row("heap", heapBytes));
        inHeap.forEach(part -> lines.add(row("  of it " + part.name(), part.bytes())));
        beside.forEach(part -> lines.add(row(part.name(), part.bytes())));
        lines.add(row("sum", sumBytes()));
        lines.add(row(limit.source(), limit.bytes()));
        return lines;
    }

    private static String row(String name, long bytes) {
        return String.format(java.util.Locale.ROOT, "memory  %-50s %,8d MB", name, (bytes + MB / 2) / MB);
    }

    private static String sum(List<Part> parts) {
        return String.join(
                " + ",
                parts.stream().map(part -> part.name() + " " + mb(part.bytes())).toList());
    }

    private static String mb(long bytes) {
        return (bytes + MB / 2) / MB + " MB";
    }
}
