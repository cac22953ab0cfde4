package dev.holdfast.launcher.metrics;

import dev.holdfast.engine.metrics.Distribution;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * One metric of our own, and how it is read.
 *
 * @param name as Prometheus shows it, with its unit and for a counter {@code _total} at its end
 * @param unit for people
 * @param meaning one or two sentences without a line break
 * @param where whether a source has it
 * @param <T> what it is read from
 */
record Metric<T>(String name, String unit, String meaning, Predicate<T> where, Reading<T> reading) {

    /** How its value comes from its source. */
    sealed interface Reading<T> {
        /** A number that only grows while the process lives, or a task's attempt lasts. */
        record Counter<T>(ToDoubleFunction<T> value) implements Reading<T> {}

        /** A number that comes and goes. */
        record Gauge<T>(ToDoubleFunction<T> value) implements Reading<T> {}

        /**
         * Count, sum, and quantiles since the beginning.
         *
         * @param perUnit how many of the distribution's units make one of the metric's
         */
        record Summary<T>(Function<T, Distribution> value, double perUnit) implements Reading<T> {}
    }

    static <T> Metric<T> counter(String name, String unit, String meaning, ToDoubleFunction<T> value) {
        return new Metric<>(name, unit, meaning, source -> true, new Reading.Counter<>(value));
    }

    static <T> Metric<T> gauge(String name, String unit, String meaning, ToDoubleFunction<T> value) {
        return new Metric<>(name, unit, meaning, source -> true, new Reading.Gauge<>(value));
    }

    static <T> Metric<T> summary(
            String name, String unit, String meaning, double perUnit, Function<T, Distribution> value) {
        return new Metric<>(name, unit, meaning, source -> true, new Reading.Summary<>(value, perUnit));
    }

    /** The same for some sources only. */
    Metric<T> where(Predicate<T> condition) {
        return new Metric<>(name, unit, meaning, condition, reading);
    }

    /** Type as Prometheus calls it. */
    String type() {
        return switch (reading) {
            case Reading.Counter<T> r -> "counter";
            case Reading.Gauge<T> r -> "gauge";
            case Reading.Summary<T> r -> "summary";
        };
    }
}
