package dev.holdfast.launcher;

import dev.holdfast.api.Parameters;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings read with a type; where one is not set, what {@link Settings} says. Blank counts as not set. */
final class Typed {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*([kmgt]?)i?b?");

    private final Map<String, String> settings;

    Typed(Map<String, String> settings) {
        this.settings = settings;
    }

    Optional<String> text(String name) {
        String given = settings.get(name);
        String text = given == null || given.isBlank() ? setting(name).otherwise() : given.strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    String required(String name) {
        return text(name).orElseThrow(() -> ConfigurationErrors.missing(setting(name)));
    }

    long number(String name, long least) {
        String text = required(name);
        try {
            long number = Long.parseLong(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw ConfigurationErrors.malformed(name, text, "a whole number", e);
        }
        throw ConfigurationErrors.malformed(name, text, least + " or more", null);
    }

    int integer(String name, int least, int most) {
        long number = number(name, least);
        if (number > most) {
            throw ConfigurationErrors.malformed(name, Long.toString(number), least + " to " + most, null);
        }
        return (int) number;
    }

    boolean flag(String name) {
        String text = required(name);
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ConfigurationErrors.malformed(name, text, "true or false", null);
        };
    }

    Duration duration(String name, Duration least) {
        String text = required(name);
        Duration duration;
        try {
            duration = Parameters.parseDuration(text);
        } catch (IllegalArgumentException e) {
            throw ConfigurationErrors.malformed(name, text, "a duration such as 500ms, 10s, 5m, 2h", e);
        }
        if (duration.compareTo(least) < 0) {
            throw ConfigurationErrors.malformed(name, text, least.toMillis() + "ms or more", null);
        }
        return duration;
    }

    /** A size such as {@code 512m}: bytes, or with k, m, g, t (powers of 1024), also written {@code 512Mi}, {@code 512 MB}. */
    long sizeBytes(String name) {
        String text = required(name);
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw ConfigurationErrors.malformed(name, text, "a size such as 64m, 2g", null);
        }
        long unitBytes = switch (matcher.group(2)) {
            case "k" -> 1L << 10;
            case "m" -> 1L << 20;
            case "g" -> 1L << 30;
            case "t" -> 1L << 40;
            default -> 1;
        };
        long amount = Long.parseLong(matcher.group(1));
        if (amount == 0 || amount > Long.MAX_VALUE / unitBytes) {
            throw ConfigurationErrors.malformed(name, text, "a size such as 64m, 2g", null);
        }
        return amount * unitBytes;
    }

    private static Setting setting(String name) {
        return Settings.find(name).orElseThrow(() -> new IllegalStateException("no setting " + name));
    }
}
