package dev.holdfast.api;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The job's parameters: named texts, read with a type. A missing or malformed one is an error that names it ({@code
 * HF-PAR-001}, {@code HF-PAR-002}).
 */
public final class Parameters {
    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    public static Parameters of(Map<String, String> values) {
        return new Parameters(values);
    }

    /** All parameters, sorted by name. */
    public Map<String, String> asMap() {
        return Map.copyOf(values);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public String string(String name) {
        return get(name, null, "a text", Function.identity());
    }

    public String string(String name, String otherwise) {
        return get(name, otherwise, "a text", Function.identity());
    }

    public long number(String name) {
        return get(name, null, "a whole number", Long::valueOf);
    }

    public long number(String name, long otherwise) {
        return get(name, otherwise, "a whole number", Long::valueOf);
    }

    public double decimal(String name, double otherwise) {
        return get(name, otherwise, "a number", Double::valueOf);
    }

    public boolean flag(String name, boolean otherwise) {
        return get(name, otherwise, "true or false", Parameters::parseFlag);
    }

    /** A duration as {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}, or in ISO-8601 form. */
    public Duration duration(String name, Duration otherwise) {
        return get(name, otherwise, "a duration such as 500ms, 10s, 5m, 2h, 7d", Parameters::parseDuration);
    }

    public Path path(String name) {
        return get(name, null, "a path", Path::of);
    }

    /** Reads a duration in the form that {@link #duration} describes. */
    public static Duration parseDuration(String text) {
        String trimmed = text.strip();
        int digits = 0;
        while (digits < trimmed.length() && Character.isDigit(trimmed.charAt(digits))) {
            digits++;
        }
        if (digits == 0) {
            try {
                return Duration.parse(trimmed);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("not a duration: '" + text + "'", e);
            }
        }
        long amount = Long.parseLong(trimmed, 0, digits, 10);
        return switch (trimmed.substring(digits).strip()) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m", "min" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw new IllegalArgumentException("not a duration: '" + text + "'");
        };
    }

    private static boolean parseFlag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("not a flag: '" + text + "'");
        };
    }

    private <T> T get(String name, @Nullable T otherwise, String expected, Function<String, T> parse) {
        String text = values.get(name);
        if (text == null) {
            if (otherwise != null) {
                return otherwise;
            }
            throw new UnrecoverableException(
                    "HF-PAR-001",
                    "parameter '" + name + "' is missing; expected " + expected + ". Given parameters: "
                            + values.keySet());
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UnrecoverableException(
                    "HF-PAR-002", "parameter '" + name + "' is '" + text + "'; expected " + expected, e);
        }
    }
}
