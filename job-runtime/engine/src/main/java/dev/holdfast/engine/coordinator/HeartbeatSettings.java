package dev.holdfast.engine.coordinator;

/**
 * How coordinator and workers find out that the other side is gone where its connection does not say so.
 *
 * @param intervalMs from one heartbeat to the next
 * @param timeoutMs without any message, after which the other side counts as lost; at least two intervals
 */
public record HeartbeatSettings(long intervalMs, long timeoutMs) {
    /** Four heartbeats may be missing: a pause of the collector is no failure, and a hang is noticed in two seconds. */
    public static final HeartbeatSettings DEFAULT = new HeartbeatSettings(500, 2_000);

    public HeartbeatSettings {
        if (intervalMs < 1 || timeoutMs < 2 * intervalMs) {
            throw new IllegalArgumentException("heartbeats each " + intervalMs + " ms with a time-out of " + timeoutMs
                    + " ms: the time-out must be at least two intervals");
        }
    }
}
