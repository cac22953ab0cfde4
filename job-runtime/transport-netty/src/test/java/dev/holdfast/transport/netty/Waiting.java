package dev.holdfast.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, with a deadline. */
final class Waiting {
    private static final long DEADLINE_NS = 30_000_000_000L;

    private Waiting() {}

    static void until(BooleanSupplier condition) {
        long endNs = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within the deadline").isLessThan(endNs);
            LockSupport.parkNanos(200_000);
        }
    }
}
