package dev.holdfast.examples.demo;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a line of a process's progress says.
 *
 * @param attempt 0 where the process runs no tasks
 * @param lastCheckpoint 0 for none by this process
 */
record JobView(
        String phase,
        long generation,
        long attempt,
        long records,
        long checkpoints,
        long lastCheckpoint,
        long checkpointAgeMs,
        long checkpointMs,
        long checkpointBytes,
        long restarts) {
    static final JobView NONE = new JobView("STARTING", 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static final Pattern PAIR = Pattern.compile("(\\w+)=(\\S+)");

    /** Reads a line that begins with {@code progress} or {@code end}. */
    static JobView parse(String line) {
        int message = line.indexOf(" message=\"");
        Matcher matcher = PAIR.matcher(message < 0 ? line : line.substring(0, message));
        Map<String, String> values = new TreeMap<>();
        while (matcher.find()) {
            values.put(matcher.group(1), matcher.group(2));
        }
        return new JobView(
                values.getOrDefault("phase", "STARTING"),
                number(values, "generation"),
                number(values, "attempt"),
                number(values, "records"),
                number(values, "checkpoints"),
                number(values, "last_checkpoint"),
                number(values, "checkpoint_age_ms"),
                number(values, "checkpoint_ms"),
                number(values, "checkpoint_bytes"),
                number(values, "restarts"));
    }

    private static long number(Map<String, String> values, String name) {
        return Long.parseLong(values.getOrDefault(name, "0"));
    }
}
