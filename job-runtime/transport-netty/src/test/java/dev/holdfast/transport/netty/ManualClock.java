package dev.holdfast.transport.netty;

import dev.holdfast.engine.env.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** Time that goes on only when a test says so. */
final class ManualClock implements Clock {
    private final AtomicLong nowNs = new AtomicLong();

    void pass(long ns) {
        nowNs.addAndGet(ns);
    }

    @Override
    public long nowNs() {
        return nowNs.get();
    }

    @Override
    public long wallMs() {
        return nowNs.get() / 1_000_000;
    }
}
