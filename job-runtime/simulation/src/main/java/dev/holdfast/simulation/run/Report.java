package dev.holdfast.simulation.run;

import dev.holdfast.simulation.audit.Coverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The sum of many lives in words. */
public final class Report {
    private static final int LINE_CHARS = 110;

    private Report() {}

    public static List<String> of(Tally tally) {
        TreeMap<String, Long> counts = tally.counts();
        List<String> lines = new ArrayList<>();
        lines.add(line("seeds", number(tally.lives())));
        lines.add(line("simulated hours", String.format(Locale.ROOT, "%.1f", tally.simulatedHours())));
        lines.add(line("events", number(tally.events())));
        lines.add(line("checkpoints", number(counts.getOrDefault("log Completed", 0L))));
        lines.add(line("savepoints", number(counts.getOrDefault("log Savepoint", 0L))));
        lines.add(line(
                "transactions",
                number(counts.getOrDefault("transactions committed", 0L)) + " committed, "
                        + number(counts.getOrDefault("transactions aborted", 0L)) + " aborted"));
        lines.addAll(group("faults", "fault ", counts));
        lines.addAll(group("crash points", "point ", counts));
        lines.addAll(group("states", "phase ", counts));
        lines.addAll(group("errors", "error ", counts));
        List<String> never = Coverage.neverMet(counts.keySet());
        lines.add(line("never met", never.isEmpty() ? "nothing of what can happen" : String.join(", ", never)));
        lines.add(line("violations", number(tally.violations().size())));
        return lines;
    }

    private static List<String> group(String name, String prefix, TreeMap<String, Long> counts) {
        List<String> lines = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Long> each :
                counts.subMap(prefix, prefix + Character.MAX_VALUE).entrySet()) {
            String item = each.getKey().substring(prefix.length()) + " " + number(each.getValue());
            if (text.length() + item.length() > LINE_CHARS) {
                lines.add(line(lines.isEmpty() ? name : "", text.toString()));
                text.setLength(0);
            }
            text.append(text.isEmpty() ? "" : ", ").append(item);
        }
        lines.add(line(lines.isEmpty() ? name : "", text.toString()));
        return lines;
    }

    private static String line(String name, String text) {
        return String.format(Locale.ROOT, "%-16s %s", name, text);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
