package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Parameters;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * When a job takes checkpoints and how many it keeps, in the terms that people know.
 *
 * @param interval from one trigger to the next; a trigger that cannot happen waits, it is not counted up
 * @param timeout after which a checkpoint that is not complete is aborted
 * @param minimumPause from the completion (or failure) of one checkpoint to the trigger of the next
 * @param maximumConcurrent checkpoints that may be pending at once
 * @param tolerableFailures checkpoints in a row that may fail (time-out, upload) before the job fails and restarts; a failure
 *     of a task is no such failure, it always restarts the job
 * @param retained completed checkpoints to keep
 * @param retainOnCancel whether they stay when a person cancels the job; after a failure and after a stop with a savepoint they
 *     always stay
 * @param restoreOlderWhenDamaged whether a start may go back to an older checkpoint if the newest is missing or damaged
 */
public record CheckpointSettings(
        Duration interval,
        Duration timeout,
        Duration minimumPause,
        int maximumConcurrent,
        int tolerableFailures,
        int retained,
        boolean retainOnCancel,
        boolean restoreOlderWhenDamaged) {

    public static final String INTERVAL = "checkpoint.interval";
    public static final String TIMEOUT = "checkpoint.timeout";
    public static final String MINIMUM_PAUSE = "checkpoint.minimum-pause";
    public static final String MAXIMUM_CONCURRENT = "checkpoint.maximum-concurrent";
    public static final String TOLERABLE_FAILURES = "checkpoint.tolerable-failures";
    public static final String RETAINED = "checkpoint.retained";
    public static final String RETAIN_ON_CANCEL = "checkpoint.retain-on-cancel";
    public static final String RESTORE_OLDER = "checkpoint.restore-older-when-damaged";

    private static final String PREFIX = "checkpoint.";
    private static final Set<String> NAMES = new TreeSet<>(Set.of(
            INTERVAL,
            TIMEOUT,
            MINIMUM_PAUSE,
            MAXIMUM_CONCURRENT,
            TOLERABLE_FAILURES,
            RETAINED,
            RETAIN_ON_CANCEL,
            RESTORE_OLDER));

    /** A checkpoint takes a few writes to the store, each of some 10 ms. */
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(10);

    /** No checkpoint needs longer, and what is larger is a slip of a unit. */
    private static final Duration LONGEST = Duration.ofDays(7);

    /** Barriers of more than this at once only queue behind each other. */
    private static final int MOST_CONCURRENT = 16;

    /** Every start reads one log slot for each, every collection their manifests. */
    private static final int MOST_RETAINED = 1000;

    // Below the bounds, which its making needs.
    /** What is taken where nothing is set. */
    public static final CheckpointSettings DEFAULTS =
            new CheckpointSettings(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ZERO, 1, 3, 2, true, false);

    public CheckpointSettings {
        within(INTERVAL, interval, LEAST_INTERVAL, LONGEST);
        within(TIMEOUT, timeout, LEAST_INTERVAL, LONGEST);
        within(MINIMUM_PAUSE, minimumPause, Duration.ZERO, LONGEST);
        within(MAXIMUM_CONCURRENT, maximumConcurrent, 1, MOST_CONCURRENT);
        within(TOLERABLE_FAILURES, tolerableFailures, 0, Integer.MAX_VALUE);
        within(RETAINED, retained, 1, MOST_RETAINED);
        if (maximumConcurrent > 1 && !minimumPause.isZero()) {
            throw new HoldfastException(
                    "HF-CFG-012",
                    "settings " + MAXIMUM_CONCURRENT + " = " + maximumConcurrent + " and " + MINIMUM_PAUSE + " = "
                            + text(minimumPause)
                            + " contradict each other: with a pause after each checkpoint no two can "
                            + "be pending. Set one of them to its default (1, 0ms)");
        }
    }

    /**
     * Reads the settings whose names begin with {@code checkpoint.}; others are left alone.
     *
     * @throws HoldfastException HF-CFG-010 for a name that does not exist, HF-CFG-011 for a value out of range, HF-PAR-002
     *     for one that cannot be read
     */
    public static CheckpointSettings from(Map<String, String> settings) {
        for (String name : settings.keySet()) {
            if (name.startsWith(PREFIX) && !NAMES.contains(name)) {
                throw new HoldfastException(
                        "HF-CFG-010", "there is no setting '" + name + "'. The settings of checkpoints are " + NAMES);
            }
        }
        Parameters values = Parameters.of(settings);
        return new CheckpointSettings(
                values.duration(INTERVAL, DEFAULTS.interval),
                values.duration(TIMEOUT, DEFAULTS.timeout),
                values.duration(MINIMUM_PAUSE, DEFAULTS.minimumPause),
                integer(values, MAXIMUM_CONCURRENT, DEFAULTS.maximumConcurrent),
                integer(values, TOLERABLE_FAILURES, DEFAULTS.tolerableFailures),
                integer(values, RETAINED, DEFAULTS.retained),
                values.flag(RETAIN_ON_CANCEL, DEFAULTS.retainOnCancel),
                values.flag(RESTORE_OLDER, DEFAULTS.restoreOlderWhenDamaged));
    }

    private static int integer(Parameters values, String name, int otherwise) {
        long number = values.number(name, otherwise);
        if (number != (int) number) {
            throw outOfRange(name, Long.toString(number), "a number of 32 bits");
        }
        return (int) number;
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw outOfRange(name, text(value), text(least) + " to " + text(most));
        }
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw outOfRange(name, Integer.toString(value), least + " to " + most);
        }
    }

    private static HoldfastException outOfRange(String name, String found, String expected) {
        return new HoldfastException("HF-CFG-011", "setting " + name + " is " + found + "; expected " + expected);
    }

    private static String text(Duration duration) {
        long ms = duration.toMillis();
        if (ms != 0 && ms % 86_400_000 == 0) {
            return ms / 86_400_000 + "d";
        }
        return ms != 0 && ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
    }
}
