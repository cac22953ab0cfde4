package dev.holdfast.engine.env.host;

import dev.holdfast.engine.env.Clock;

/** The machine's clocks. */
public final class HostClock implements Clock {
    @Override
    public long nowNs() {
        return System.nanoTime();
    }

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }
}
