package dev.holdfast.launcher.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of the text format of Prometheus, version 0.0.4, written after its description and not after the writer: each family
 * has one HELP, one TYPE, then all its samples; no sample comes twice.
 */
final class PrometheusText {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.+)");
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\\\\\|\\\\\"|\\\\n)*)\"(,|$)");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "summary", "histogram", "untyped");

    private final Map<String, Family> families = new LinkedHashMap<>();

    record Sample(String name, Map<String, String> labels, double value) {}

    record Family(String name, String help, String type, List<Sample> samples) {}

    static Map<String, Family> parse(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        PrometheusText parsing = new PrometheusText();
        String help = "";
        Family open = null;
        Set<Object> seen = new HashSet<>();
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches() && comment.group(1).equals("HELP")) {
                help = comment.group(2) + " " + comment.group(3);
            } else if (comment.matches()) {
                String name = comment.group(2);
                check(help.startsWith(name + " "), "a TYPE without a HELP before it: " + line);
                check(TYPES.contains(comment.group(3)), "an unknown type: " + line);
                open = new Family(name, help.substring(name.length() + 1), comment.group(3), new ArrayList<>());
                check(parsing.families.put(name, open) == null, "a family twice: " + line);
            } else {
                Sample sample = sample(line);
                check(open != null && belongs(sample, open), "a sample outside its family: " + line);
                check(seen.add(List.of(sample.name(), sample.labels())), "a sample twice: " + line);
                open.samples().add(sample);
            }
        }
        parsing.families.values().forEach(PrometheusText::checkWhole);
        return parsing.families;
    }

    private static Sample sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        check(sample.matches(), "not a sample: " + line);
        Map<String, String> labels = new TreeMap<>();
        String rest = sample.group(2) == null ? "" : sample.group(2);
        while (!rest.isEmpty()) {
            Matcher label = LABEL.matcher(rest);
            check(label.lookingAt(), "not labels: " + line);
            check(labels.put(label.group(1), label.group(2)) == null, "a label twice: " + line);
            rest = rest.substring(label.end());
        }
        return new Sample(sample.group(1), labels, number(sample.group(3)));
    }

    private static double number(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static boolean belongs(Sample sample, Family family) {
        String rest = sample.name().startsWith(family.name())
                ? sample.name().substring(family.name().length())
                : "?";
        return switch (family.type()) {
            case "summary" ->
                rest.equals("_count")
                        || rest.equals("_sum")
                        || rest.isEmpty() && sample.labels().containsKey("quantile");
            case "histogram" ->
                rest.equals("_count")
                        || rest.equals("_sum")
                        || rest.equals("_bucket") && sample.labels().containsKey("le");
            default -> rest.isEmpty();
        };
    }

    private static void checkWhole(Family family) {
        check(!family.samples().isEmpty(), "a family without samples: " + family.name());
        check(
                family.type().equals("counter") == family.name().endsWith("_total"),
                family.name() + " is a " + family.type());
        for (Sample sample : family.samples()) {
            check(!family.type().equals("counter") || sample.value() >= 0, "a negative counter: " + sample);
        }
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new AssertionError(text);
        }
    }
}
