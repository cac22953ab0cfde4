package dev.holdfast.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** Level and form of what Holdfast writes to its log; what libraries write is left at warnings. */
final class Logging {
    private Logging() {}

    static void level(String name) {
        Level level = switch (name.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "info" -> Level.INFO;
            case "debug" -> Level.DEBUG;
            default ->
                throw ConfigurationErrors.malformed(Settings.LOG_LEVEL, name, "one of error, warn, info, debug", null);
        };
        set("dev.holdfast", level);
    }

    /** The form of lines from now on. */
    static void format(String name) {
        LogEncoder.format(
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "text" -> LogEncoder.Format.TEXT;
                    case "json" -> LogEncoder.Format.JSON;
                    default ->
                        throw ConfigurationErrors.malformed(
                                ProcessSettings.LOG_FORMAT, name, "one of text, json", null);
                });
    }

    /** Ends the log: the process ends under its tasks, and what they say of it means nothing. */
    static void end() {
        set("dev.holdfast", Level.OFF);
        set("ROOT", Level.OFF);
    }

    private static void set(String logger, Level level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(logger).setLevel(level);
        }
    }
}
