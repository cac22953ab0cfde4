package dev.holdfast.transport.netty;

import dev.holdfast.engine.env.Clock;
import org.jspecify.annotations.Nullable;

/**
 * One line for each peer that was refused or broken, and a bound for all of them: a scanner must not fill the log. After {@link
 * #LINES} lines the rest of a period is counted, and told with the first line of the next one. Any thread.
 */
final class PeerLog {
    static final int LINES = 10;
    static final long PERIOD_NS = 10_000_000_000L;

    private static final System.Logger LOG = System.getLogger(NettyTransport.class.getName());

    private final Clock clock;
    private long periodStartNs;
    private int lines;
    private long suppressed;

    PeerLog(Clock clock) {
        this.clock = clock;
        periodStartNs = clock.nowNs();
    }

    /** What went wrong with a peer: look if it repeats. */
    void warn(String peer, PeerException fault) {
        String more = admit();
        if (more != null) {
            LOG.log(System.Logger.Level.WARNING, "peer " + peer + ": " + fault.text() + more);
        }
    }

    /** As {@link #warn} with the stack of what threw. */
    void warn(String peer, PeerException fault, Throwable cause) {
        String more = admit();
        if (more != null) {
            LOG.log(System.Logger.Level.WARNING, "peer " + peer + ": " + fault.text() + more, cause);
        }
    }

    /** For developers; never counted. */
    void debug(String peer, String text) {
        LOG.log(System.Logger.Level.DEBUG, () -> "peer " + peer + ": " + text);
    }

    /** Null if there are enough lines, else what the line must add. */
    private synchronized @Nullable String admit() {
        long nowNs = clock.nowNs();
        String more = "";
        if (nowNs - periodStartNs >= PERIOD_NS) {
            if (suppressed > 0) {
                more = ". " + suppressed + " more lines like this were left out";
            }
            periodStartNs = nowNs;
            lines = 0;
            suppressed = 0;
        }
        if (lines >= LINES) {
            suppressed++;
            return null;
        }
        lines++;
        return more;
    }
}
