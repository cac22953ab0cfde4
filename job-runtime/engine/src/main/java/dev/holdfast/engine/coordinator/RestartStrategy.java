package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Parameters;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Whether and when a failed job is started again. Each is a pure function of the failures so far. Where a strategy restarts at
 * all, a failure after a long quiet time (or the first ever) restarts at once: most failures are a lost worker, and waiting
 * makes them longer and nothing better. Its delay counts from the second failure on.
 */
public sealed interface RestartStrategy {

    /** What is to happen. */
    sealed interface Decision {
        /** Start again after a delay. */
        record Restart(long delayMs) implements Decision {}

        /** The job has failed for good; {@code reason} says by which rule. */
        record GiveUp(String reason) implements Decision {}
    }

    /**
     * Decides.
     *
     * @param failuresMs when the job failed, by the monotonic clock in milliseconds, oldest first; the last is the one to decide
     *     on. Only those since the newest that {@link #forgets} are needed
     * @param chance uniform in [0, 1), for jitter
     */
    Decision decide(List<Long> failuresMs, double chance);

    /** Whether failures up to the last one no longer count once the job has run until {@code nowMs}. */
    default boolean forgets(long lastFailureMs, long nowMs) {
        return false;
    }

    /** The first failure ends the job. */
    record None() implements RestartStrategy {
        @Override
        public Decision decide(List<Long> failuresMs, double chance) {
            return new Decision.GiveUp("restart strategy none: the first failure ends the job");
        }
    }

    /**
     * A number of restarts over the life of the job: the first at once, the others after a delay.
     *
     * @param attempts how many restarts, from 1
     * @param delay before the second and later ones
     */
    record FixedDelay(int attempts, Duration delay) implements RestartStrategy {
        public FixedDelay {
            atLeast("restart.fixed-delay.attempts", attempts, 1);
            notNegative("restart.fixed-delay.delay", delay);
        }

        @Override
        public Decision decide(List<Long> failuresMs, double chance) {
            int failures = failuresMs.size();
            if (failures > attempts) {
                return new Decision.GiveUp("restart strategy fixed-delay: failure " + failures + " after " + attempts
                        + " restarts (setting restart.fixed-delay.attempts)");
            }
            return new Decision.Restart(failures <= 1 ? 0 : delay.toMillis());
        }
    }

    /**
     * Restarts for ever, after longer and longer delays: at once, then {@code initial}, {@code initial * multiplier}, up to {@code
     * maximum}. When the job has run for {@code resetAfter} without a failure, it begins anew.
     *
     * @param jitter share of the delay by which it differs at random, so that jobs that failed together do not return together:
     *     0.1 means 90 % to 110 %
     */
    record ExponentialDelay(Duration initial, Duration maximum, double multiplier, double jitter, Duration resetAfter)
            implements RestartStrategy {

        public ExponentialDelay {
            positive("restart.exponential-delay.initial", initial);
            positive("restart.exponential-delay.reset-after", resetAfter);
            if (maximum.compareTo(initial) < 0) {
                throw wrong(
                        "restart.exponential-delay.maximum",
                        maximum,
                        "at least restart.exponential-delay.initial (" + initial + ")");
            }
            if (resetAfter.compareTo(maximum) <= 0) {
                throw wrong(
                        "restart.exponential-delay.reset-after",
                        resetAfter,
                        "more than restart.exponential-delay.maximum (" + maximum
                                + "); otherwise the longest delay itself would count as a quiet time");
            }
            if (!(multiplier >= 1 && multiplier <= 100)) {
                throw wrong("restart.exponential-delay.multiplier", multiplier, "1 to 100");
            }
            if (!(jitter >= 0 && jitter <= 1)) {
                throw wrong("restart.exponential-delay.jitter", jitter, "0 to 1");
            }
        }

        @Override
        public Decision decide(List<Long> failuresMs, double chance) {
            int inARow = 1;
            for (int i = failuresMs.size() - 1; i > 0 && !forgets(failuresMs.get(i - 1), failuresMs.get(i)); i--) {
                inARow++;
            }
            if (inARow == 1) {
                return new Decision.Restart(0);
            }
            double delay = Math.min(
                    (double) maximum.toMillis(), (double) initial.toMillis() * Math.pow(multiplier, inARow - 2));
            return new Decision.Restart(Math.round(delay * (1 + jitter * (2 * chance - 1))));
        }

        @Override
        public boolean forgets(long lastFailureMs, long nowMs) {
            return nowMs - lastFailureMs >= resetAfter.toMillis();
        }
    }

    /**
     * Restarts as long as no more than a number of failures fall into an interval: at once for the first in it, after a delay for
     * the others.
     */
    record FailureRate(int maximumFailures, Duration interval, Duration delay) implements RestartStrategy {
        public FailureRate {
            atLeast("restart.failure-rate.maximum-failures", maximumFailures, 1);
            positive("restart.failure-rate.interval", interval);
            notNegative("restart.failure-rate.delay", delay);
        }

        @Override
        public Decision decide(List<Long> failuresMs, double chance) {
            long now = failuresMs.getLast();
            long within = failuresMs.stream().filter(at -> !forgets(at, now)).count();
            if (within > maximumFailures) {
                return new Decision.GiveUp("restart strategy failure-rate: " + within + " failures within " + interval
                        + ", allowed are " + maximumFailures + " (setting restart.failure-rate.maximum-failures)");
            }
            return new Decision.Restart(within <= 1 ? 0 : delay.toMillis());
        }

        @Override
        public boolean forgets(long lastFailureMs, long nowMs) {
            return nowMs - lastFailureMs >= interval.toMillis();
        }
    }

    /** The setting that names the strategy; each has its own below {@code restart.<strategy>.}. */
    String STRATEGY = "restart.strategy";

    /**
     * Reads the settings whose names begin with {@code restart.}; others are left alone. Where nothing is set, the delays grow and
     * nothing is given up: the cause of failures in a row mostly lies outside of the job.
     *
     * @throws HoldfastException HF-CFG-010 for a name or strategy that does not exist, HF-CFG-011 for a value out of range,
     *     HF-PAR-002 for one that cannot be read
     */
    static RestartStrategy from(Map<String, String> settings) {
        Parameters values = Parameters.of(settings);
        String strategy = values.string(STRATEGY, "exponential-delay");
        List<String> names = namesOf(strategy);
        for (String name : settings.keySet()) {
            if (name.startsWith("restart.") && !name.equals(STRATEGY) && !names.contains(name)) {
                throw new HoldfastException(
                        "HF-CFG-010",
                        "there is no setting '" + name + "' with " + STRATEGY + " = " + strategy + ". It has " + names);
            }
        }
        return switch (strategy) {
            case "none" -> new None();
            case "fixed-delay" ->
                new FixedDelay(
                        integer(values, FIXED_DELAY.get(0), 10),
                        values.duration(FIXED_DELAY.get(1), Duration.ofSeconds(1)));
            case "failure-rate" ->
                new FailureRate(
                        integer(values, FAILURE_RATE.get(0), 10),
                        values.duration(FAILURE_RATE.get(1), Duration.ofMinutes(10)),
                        values.duration(FAILURE_RATE.get(2), Duration.ofSeconds(1)));
            default ->
                new ExponentialDelay(
                        values.duration(EXPONENTIAL_DELAY.get(0), Duration.ofSeconds(1)),
                        values.duration(EXPONENTIAL_DELAY.get(1), Duration.ofMinutes(1)),
                        values.decimal(EXPONENTIAL_DELAY.get(2), 1.5),
                        values.decimal(EXPONENTIAL_DELAY.get(3), 0.1),
                        values.duration(EXPONENTIAL_DELAY.get(4), Duration.ofHours(1)));
        };
    }

    List<String> FIXED_DELAY = List.of("restart.fixed-delay.attempts", "restart.fixed-delay.delay");
    List<String> FAILURE_RATE = List.of(
            "restart.failure-rate.maximum-failures", "restart.failure-rate.interval", "restart.failure-rate.delay");
    List<String> EXPONENTIAL_DELAY = List.of(
            "restart.exponential-delay.initial",
            "restart.exponential-delay.maximum",
            "restart.exponential-delay.multiplier",
            "restart.exponential-delay.jitter",
            "restart.exponential-delay.reset-after");

    private static List<String> namesOf(String strategy) {
        return switch (strategy) {
            case "none" -> List.of();
            case "fixed-delay" -> FIXED_DELAY;
            case "failure-rate" -> FAILURE_RATE;
            case "exponential-delay" -> EXPONENTIAL_DELAY;
            default ->
                throw new HoldfastException(
                        "HF-CFG-010",
                        "there is no restart strategy '" + strategy + "' (setting " + STRATEGY
                                + "). Expected one of none, " + "fixed-delay, exponential-delay, failure-rate");
        };
    }

    private static int integer(Parameters values, String name, int otherwise) {
        long number = values.number(name, otherwise);
        if (number != (int) number) {
            throw wrong(name, number, "a number of 32 bits");
        }
        return (int) number;
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw wrong(name, value, least + " or more");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw wrong(name, value, "at least 1 ms");
        }
    }

    private static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw wrong(name, value, "0 or more");
        }
    }

    private static HoldfastException wrong(String name, Object found, String expected) {
        return new HoldfastException("HF-CFG-011", "setting " + name + " is " + found + "; expected " + expected);
    }
}
