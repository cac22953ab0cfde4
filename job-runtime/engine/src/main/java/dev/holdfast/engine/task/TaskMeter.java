package dev.holdfast.engine.task;

import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.exchange.Element;
import dev.holdfast.engine.exchange.InputGate;
import dev.holdfast.engine.metrics.StateCounters;
import dev.holdfast.engine.metrics.TaskCounters;
import dev.holdfast.engine.operator.Chain;
import dev.holdfast.engine.operator.KeyedOperator;
import dev.holdfast.engine.operator.SourceOperator;
import dev.holdfast.engine.state.KeyedState;
import dev.holdfast.engine.state.StateStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What a task measures of itself beside its work.
 *
 * <ol>
 *   <li>A few times a second it copies what its state and its reader know, for other threads.
 *   <li>A source sends a probe every {@link #PROBE_EVERY_NS}; each task notes its age and passes it on.
 *   <li>The time from a checkpoint's first barrier to its last is noted when the last is there.
 * </ol>
 *
 * On the task's thread.
 */
final class TaskMeter {
    /** Often enough for a line of numbers every second, seldom enough that it costs nothing. */
    private static final long COPY_EVERY_NS = 250_000_000;

    /** A sample of the latency; each costs a source's batches their fill. */
    private static final long PROBE_EVERY_NS = 2_000_000_000;

    private final TaskCounters counters;
    private final Chain chain;
    private final Clock clock;
    private final @Nullable SourceOperator source;
    private final @Nullable KeyedOperator keyed;
    private boolean copied;
    private long copiedNs;
    private boolean probed;
    private long probedNs;
    private boolean aligning;
    private long aligningNs;
    private long aligned;

    TaskMeter(TaskCounters counters, Chain chain, Clock clock) {
        this.counters = counters;
        this.chain = chain;
        this.clock = clock;
        this.source = chain.head() instanceof SourceOperator head ? head : null;
        this.keyed = chain.head() instanceof KeyedOperator head ? head : null;
        if (keyed != null) {
            counters.hasState();
        }
    }

    /** A turn of the running task begins. */
    void turn(long nowNs) {
        if (!copied || nowNs - copiedNs >= COPY_EVERY_NS) {
            copied = true;
            copiedNs = nowNs;
            copy();
        }
    }

    /** Copies what the state and the reader know now. */
    void copy() {
        if (keyed != null) {
            copy(keyed.state(), counters.state());
        }
        if (source != null) {
            counters.pendingRecords(source.pendingRecords());
        }
    }

    private static void copy(KeyedState state, StateCounters to) {
        StateStatistics from = state.statistics();
        to.hits.set(from.hits());
        to.misses.set(from.misses());
        to.storeReads.set(from.storeReads());
        to.prefetched.set(from.prefetched());
        to.evicted.set(from.evicted());
        to.entries.set(from.entries());
        to.memoryBytes.set(from.memoryBytes());
        to.dirtyBytes.set(from.dirtyBytes());
        to.flushes.set(from.flushes());
        to.spills.set(from.spills());
        to.flushedEntries.set(from.flushedEntries());
        to.flushNs.set(from.flushNs());
        to.folds.set(from.folds());
        to.foldedBytes.set(from.foldedBytes());
        to.failedFolds.set(from.failedFolds());
        to.segments.set(from.segments());
        to.segmentBytes.set(from.segmentBytes());
    }

    /** A source may send records now: it sends a probe first if one is due. */
    void probeIfDue(long nowNs) {
        if (!probed) {
            // The first one would only measure the start.
            probed = true;
            probedNs = nowNs;
        } else if (nowNs - probedNs >= PROBE_EVERY_NS) {
            probedNs = nowNs;
            chain.probe(new Element.Probe(clock.wallMs()));
        }
    }

    /** A probe has come. */
    void probed(Element.Probe probe) {
        counters.latencyMs().record(clock.wallMs() - probe.sentWallMs());
        chain.probe(probe);
    }

    /** The input was read. */
    void align(InputGate input, long nowNs) {
        if (input.isAligned()) {
            if (input.aligned() != aligned) {
                aligned = input.aligned();
                counters.alignmentNs().record(aligning ? nowNs - aligningNs : 0);
                aligning = false;
            }
        } else if (!aligning && input.isAligning()) {
            aligning = true;
            aligningNs = nowNs;
        }
    }
}
