package dev.holdfast.engine.exchange.network;

/**
 * How much a writer may send ahead of its reader, in bytes. The window follows the rate of the reader, so that what is in flight is
 * bounded by time: a barrier behind it arrives soon, and a fast channel is not held up. After the receive window of Hazelcast Jet.
 *
 * <ol>
 *   <li>The limit is what was consumed so far plus the window; it never falls.
 *   <li>Each {@link #PERIOD_NS} the window goes half the way to what the reader consumes in {@link #TARGET_NS}.
 *   <li>It does not shrink where the reader ran dry in the period: then the writer was the slow one, and the rate says nothing.
 *   <li>A new limit is told when it is a quarter of a window ahead, so that credits cost little.
 * </ol>
 *
 * Used by the reader's thread alone, but for {@link #windowBytes}.
 */
final class ReceiveWindow {
    /**
     * What a window begins with, and its least: a batch of usual records, so that a slow reader still gets whole ones. Both sides
     * know it without asking.
     */
    static final long MIN_BYTES = 64 * 1024;

    static final long TARGET_NS = 200_000_000;
    static final long PERIOD_NS = 100_000_000;

    private final long maxBytes;
    private volatile long windowBytes;
    private long consumedBytes;
    private long toldBytes;
    private long periodStartNs;
    private long periodBytes;
    private boolean ranDry;

    /** @param maxBytes the channel's share of the memory for the network; {@link #MIN_BYTES} where it is less */
    ReceiveWindow(long maxBytes, long nowNs) {
        this.maxBytes = Math.max(MIN_BYTES, maxBytes);
        this.windowBytes = MIN_BYTES;
        this.toldBytes = windowBytes;
        this.periodStartNs = nowNs;
    }

    /** The reader found nothing. */
    void ranDry() {
        ranDry = true;
    }

    /** The reader took so many bytes; true if {@link #limit} is to be told to the writer now. */
    boolean consumed(long bytes, long nowNs) {
        consumedBytes += bytes;
        periodBytes += bytes;
        long elapsedNs = nowNs - periodStartNs;
        if (elapsedNs >= PERIOD_NS) {
            adapt(elapsedNs);
            periodStartNs = nowNs;
            periodBytes = 0;
            ranDry = false;
        }
        long limit = consumedBytes + windowBytes;
        if (limit - toldBytes < windowBytes / 4) {
            return false;
        }
        toldBytes = limit;
        return true;
    }

    private void adapt(long elapsedNs) {
        long wanted = (long) ((double) periodBytes / elapsedNs * TARGET_NS);
        if (wanted < windowBytes && ranDry) {
            return;
        }
        long present = windowBytes;
        windowBytes = Math.clamp(present + (wanted - present) / 2, MIN_BYTES, maxBytes);
    }

    /** Bytes from the beginning of the channel that the writer may have sent. */
    long limit() {
        return toldBytes;
    }

    /** From any thread. */
    long windowBytes() {
        return windowBytes;
    }
}
