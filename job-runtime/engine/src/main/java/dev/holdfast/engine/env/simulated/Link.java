package dev.holdfast.engine.env.simulated;

import java.util.ArrayList;
import java.util.List;

/** One direction between two processes, and what is wrong with it. */
final class Link {
    /** Within a cluster. */
    private static final long LATENCY_NS = 200_000;

    /** 8 Gbit/s. */
    private static final long BYTES_PER_SECOND = 1_000_000_000;

    long latencyNs = LATENCY_NS;
    long bytesPerSecond = BYTES_PER_SECOND;
    boolean partitioned;
    private final List<Runnable> waiting = new ArrayList<>();

    /** Runs something when the partition ends. */
    void whenHealed(Runnable action) {
        waiting.add(action);
    }

    void heal() {
        latencyNs = LATENCY_NS;
        bytesPerSecond = BYTES_PER_SECOND;
        partitioned = false;
        List<Runnable> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(Runnable::run);
    }

    long writeNs(int bytes) {
        return bytes * 1_000_000_000L / bytesPerSecond;
    }
}
