package dev.holdfast.engine.protocol;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Parameters;
import java.time.Duration;
import java.util.Map;

/**
 * How long a job waits for what may never come: answers of workers, and calls into user code, sources and sinks. A worker watches
 * its slots, the coordinator watches the workers' answers and what it does itself.
 *
 * @param deploy from the order to the last worker's answer that all is restored, committed and recovered; then the attempt fails
 * @param call one call of user code on a slot's thread; then the attempt fails
 * @param cancel from the order to end an attempt to the end of its last task and call; then the process must end
 * @param prepare one call in which a sink prepares a checkpoint; then the attempt fails
 * @param commit committing one checkpoint in one task, with all tries, or one recovery; then the attempt fails
 * @param enumerator one call of an enumerator on the coordinator's thread; then the process must end
 * @param savepoint copying a complete checkpoint into a savepoint; then the savepoint fails
 */
public record Timeouts(
        Duration deploy,
        Duration call,
        Duration cancel,
        Duration prepare,
        Duration commit,
        Duration enumerator,
        Duration savepoint) {

    public static final String DEPLOY = "task.deploy-timeout";
    public static final String CALL = "task.call-timeout";
    public static final String CANCEL = "task.cancel-timeout";
    public static final String PREPARE = "sink.prepare-timeout";
    public static final String COMMIT = "sink.commit-timeout";
    public static final String ENUMERATOR = "source.enumerator-timeout";
    public static final String SAVEPOINT = "savepoint.timeout";

    /** Slots are asked once a second whether they are there. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** Nothing needs longer, and what is larger is a slip of a unit. */
    private static final Duration LONGEST = Duration.ofDays(7);

    // Below the bounds, which its making needs.
    /** What is taken where nothing is set. */
    public static final Timeouts DEFAULTS = new Timeouts(
            Duration.ofMinutes(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            Duration.ofMinutes(3),
            Duration.ofHours(1));

    /**
     * What a coordinator waits longer than a worker for the same thing: the worker knows better what it waits for, and says so
     * first.
     */
    public static final Duration GRACE = Duration.ofSeconds(10);

    public Timeouts {
        within(DEPLOY, deploy);
        within(CALL, call);
        within(CANCEL, cancel);
        within(PREPARE, prepare);
        within(COMMIT, commit);
        within(ENUMERATOR, enumerator);
        within(SAVEPOINT, savepoint);
    }

    /**
     * Reads the settings of this class; others are left alone.
     *
     * @throws HoldfastException HF-CFG-011 for a value out of range, HF-PAR-002 for one that cannot be read
     */
    public static Timeouts from(Map<String, String> settings) {
        Parameters values = Parameters.of(settings);
        return new Timeouts(
                values.duration(DEPLOY, DEFAULTS.deploy),
                values.duration(CALL, DEFAULTS.call),
                values.duration(CANCEL, DEFAULTS.cancel),
                values.duration(PREPARE, DEFAULTS.prepare),
                values.duration(COMMIT, DEFAULTS.commit),
                values.duration(ENUMERATOR, DEFAULTS.enumerator),
                values.duration(SAVEPOINT, DEFAULTS.savepoint));
    }

    private static void within(String name, Duration value) {
        if (value.compareTo(LEAST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new HoldfastException(
                    "HF-CFG-011",
                    "setting " + name + " is " + value.toMillis() + "ms; expected " + LEAST.toSeconds() + "s to "
                            + LONGEST.toDays() + "d");
        }
    }
}
