package dev.holdfast.engine.metrics;

import dev.holdfast.api.Metrics;
import java.util.concurrent.atomic.AtomicLong;

/** A number with one writer and any readers. A reader may see it a moment late, never torn. */
public final class Count implements Metrics.Counter {
    private final AtomicLong value = new AtomicLong();

    @Override
    public void add(long amount) {
        value.setOpaque(value.getPlain() + amount);
    }

    /** Sets a number that is counted elsewhere. */
    public void set(long next) {
        value.setOpaque(next);
    }

    @Override
    public long value() {
        return value.getOpaque();
    }
}
