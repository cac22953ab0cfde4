package dev.holdfast.engine.protocol;

/**
 * What a task tells of itself about once a second. Counters are of the attempt, rates and times of the time since the report before.
 *
 * <p>The three times are milliseconds in each second, as in Flink. Where they sum up to less than 1,000, the task had more to do and
 * another one of its slot had the thread.
 *
 * @param recordsIn taken in; for a source: read
 * @param recordsOut handed to channels; one that goes to several counts for each
 * @param busyMsPerSecond it had the slot's thread, or waited for its own calls
 * @param idleMsPerSecond it had nothing to read
 * @param backPressuredMsPerSecond a channel behind it took no more
 */
public record TaskNumbers(
        TaskId task,
        long recordsIn,
        long recordsOut,
        long recordsInPerSecond,
        long recordsOutPerSecond,
        int busyMsPerSecond,
        int idleMsPerSecond,
        int backPressuredMsPerSecond) {}
