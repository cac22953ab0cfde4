package dev.holdfast.simulation.run;

import java.util.List;
import java.util.Locale;

/** The last moments of a life as a person would read them: who sent, received, wrote, crashed, with virtual times. */
public final class Story {
    private static final int SHOWN_CHARS = 300;

    private Story() {}

    /**
     * Tells it.
     *
     * @param verdict of a life that was told with its messages
     * @param most lines
     */
    public static List<String> of(Verdict verdict, int most) {
        List<String> lines = verdict.trace().stream()
                .filter(line -> !isNoise(line))
                .map(Story::told)
                .toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    /** Reads of the bucket, heartbeats and reports of numbers change nothing. */
    private static boolean isNoise(String line) {
        return line.contains(" get ")
                || line.contains(" getRange ")
                || line.contains(" list ")
                || line.contains("Heartbeat")
                || line.contains(" Report[");
    }

    private static String told(String line) {
        int space = line.indexOf(' ');
        double ms = Long.parseLong(line.substring(0, space)) / 1e6;
        String text = line.substring(space + 1).replaceAll("\\s+", " ");
        return String.format(Locale.ROOT, "%12.3f ms  %s", ms, text.substring(0, Math.min(SHOWN_CHARS, text.length())));
    }
}
