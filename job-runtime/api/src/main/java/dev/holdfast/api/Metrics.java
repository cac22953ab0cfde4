package dev.holdfast.api;

import java.util.function.DoubleSupplier;

/**
 * Metrics of one task. Names are lower case with underscores; asking twice for one name gives the same metric. Metrics
 * are written by the task's thread alone and may be read by any.
 */
public interface Metrics {

    Counter counter(String name);

    /** Registers a value that is read when metrics are exported, from another thread. */
    void gauge(String name, DoubleSupplier value);

    Histogram histogram(String name);

    /** A number that only grows. */
    interface Counter {
        void add(long amount);

        default void increment() {
            add(1);
        }

        long value();
    }

    /** A distribution of non-negative values, such as sizes in bytes or times in nanoseconds. */
    interface Histogram {
        void record(long value);

        long count();

        /** Upper estimate of a quantile (0 to 1), within 7 % of the true value; 0 when nothing was recorded. */
        long quantile(double quantile);
    }
}
